// Preloaded by the tests, in each thread: the host's clock is in 2039, later than 32 bits can tell.
const lateMs = Date.UTC(2039, 5, 1) - Date.now();
const HostDate = Date;
globalThis.Date = class extends HostDate {
  constructor(...parts) {
    if (parts.length > 0) super(...parts);
    else super(HostDate.now() + lateMs);
  }

  static now() {
    return HostDate.now() + lateMs;
  }
};
