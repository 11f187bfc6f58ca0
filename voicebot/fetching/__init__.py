"""Files from the internet: downloaded, verified, and put in their place wholly or not at all."""
