"""What is printed: card faces and letters. Pure functions and data: values in, pixels or pages out."""
