"""The destruction list: what lies in the office spoiled, and the act that ends it."""
