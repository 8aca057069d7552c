// Before anything else runs: without this setter no JSON from outside can change the prototype of an object.
Reflect.deleteProperty(Object.prototype, '__proto__')
