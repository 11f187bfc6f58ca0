"""The records that stay: customers, contacts, promises, agents, in SQL."""
