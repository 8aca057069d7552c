// Before anything else runs: without this setter no JSON from outside can change the prototype of an object.
// biome-ignore lint/performance/noDelete: the property has to go, not to be undefined
delete Object.prototype.__proto__
