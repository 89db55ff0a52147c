/** What a model host and who asks it say to each other. Each call gets one answer, in order. */

/** The values of one input of the graph, row by row. */
export interface HostTensor {
  readonly type: 'float32' | 'float64' | 'int64' | 'int32' | 'bool' | 'string'
  readonly data: Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array | string[]
  readonly shape: readonly number[]
}

export interface HostStart {
  /** Absolute path of the ONNX file. */
  readonly path: string
  /** The output that is wanted. */
  readonly output: string
}

export interface HostCall {
  readonly id: number
  readonly feeds: Readonly<Record<string, HostTensor>>
}

export type HostAnswer =
  /** The model is loaded; said once, first. */
  | { readonly kind: 'ready' }
  /** It cannot be loaded: the host ends. */
  | { readonly kind: 'unusable'; readonly message: string }
  | { readonly kind: 'outputs'; readonly id: number; readonly outputs: Float64Array }
  /** The model cannot take these values; the host goes on. */
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }
