/** A promise that the test itself settles, so that the order of events decides and no clock. */
export interface Deferred<Value> {
  readonly promise: Promise<Value>
  readonly resolve: (value: Value) => void
  readonly reject: (error: unknown) => void
}

export function defer<Value = void>(): Deferred<Value> {
  return Promise.withResolvers<Value>()
}
