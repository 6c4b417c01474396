"""A fingerprint sensor of the ZhianTec UART family on a pseudo terminal. See README.md."""
