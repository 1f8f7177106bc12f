// Preloaded by the tests: this machine says that the process may have 300 MiB, as in a small container.
process.constrainedMemory = () => 300 * 1024 * 1024;
