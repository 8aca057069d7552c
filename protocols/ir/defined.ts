/** The same object without the members that are undefined, as optional members are to be absent. */
export function defined<Value extends object>(members: { [Name in keyof Value]: Value[Name] | undefined }): Value {
  const present: Partial<Value> = {}
  for (const name of Object.keys(members) as (keyof Value)[]) {
    if (members[name] !== undefined) present[name] = members[name]
  }
  // Members that must be there are never undefined: the parameter's type demands them.
  return present as Value
}
