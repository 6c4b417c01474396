"""The doctor: is everything there, and does the whole chain work?"""
