"""The records that stay, in SQL: customers, contacts, promises, matters, hand-overs, agents, the audit log."""
