// Loaded before the command line: throws outside of all that the command line awaits, once that listens.
const messages = {
  defect: 'a surprise',
  memory: 'WebAssembly.Memory(): could not allocate memory',
};
const timer = setInterval(() => {
  if (process.listenerCount('uncaughtException') === 0) return;
  clearInterval(timer);
  throw new Error(messages[process.env.SURPRISE]);
}, 1);
