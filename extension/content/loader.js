// Content scripts are classic scripts; this one brings in the module that does the work.
import((globalThis.browser ?? globalThis.chrome).runtime.getURL('content/main.js'));
