"""The simulated chip card: an ISO 7816 card that carries the application `ktp-el-open`."""
