// Preloaded by the tests: this Node says that it is an older one.
Object.defineProperty(process.versions, 'node', { value: '20.18.3' });
