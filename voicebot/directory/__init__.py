"""Who is calling: from a telephone number to the customer's file."""
