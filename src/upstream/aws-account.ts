/** Who calls Amazon, and in which of its regions, by the variables that all of its tools know. */

export interface AwsAccount {
  readonly region: string
  /** Absent where the environment holds none. */
  readonly credentials?: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    /** Of credentials that end by themselves. */
    readonly sessionToken?: string
  }
}

/** Where nobody names one, as the clients of Bedrock do. */
const USUAL_REGION = 'us-east-1'

/** @see https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html */
export function readAwsAccount(environment: Readonly<Record<string, string | undefined>>): AwsAccount {
  const read = (name: string): string | undefined => {
    const value = environment[name]?.trim()
    return value === '' ? undefined : value
  }
  const region = read('AWS_REGION') ?? read('AWS_DEFAULT_REGION') ?? USUAL_REGION
  const accessKeyId = read('AWS_ACCESS_KEY_ID')
  const secretAccessKey = read('AWS_SECRET_ACCESS_KEY')
  if (accessKeyId === undefined || secretAccessKey === undefined) return { region }
  const sessionToken = read('AWS_SESSION_TOKEN')
  return {
    region,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
  }
}
