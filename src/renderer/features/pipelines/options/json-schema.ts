/** The part of JSON Schema that descriptions of options use. Unknown keywords are passed over. */
import { z } from 'zod'
import { type Json, jsonSchema as jsonValueSchema } from '#shared/runs.ts'

export interface JsonSchema {
  readonly type?: string | undefined
  readonly const?: Json | undefined
  readonly enum?: readonly Json[] | undefined
  readonly default?: Json | undefined
  readonly description?: string | undefined
  readonly pattern?: string | undefined
  readonly minimum?: number | undefined
  readonly maximum?: number | undefined
  readonly exclusiveMinimum?: number | undefined
  readonly exclusiveMaximum?: number | undefined
  readonly properties?: Readonly<Record<string, JsonSchema>> | undefined
  readonly required?: readonly string[] | undefined
  readonly propertyNames?: JsonSchema | undefined
  readonly additionalProperties?: boolean | JsonSchema | undefined
  readonly items?: boolean | JsonSchema | undefined
  readonly prefixItems?: readonly JsonSchema[] | undefined
  readonly anyOf?: readonly JsonSchema[] | undefined
  readonly oneOf?: readonly JsonSchema[] | undefined
}

const jsonSchemaSchema: z.ZodType<JsonSchema> = z.looseObject({
  type: z.string().optional().catch(undefined),
  const: jsonValueSchema.optional(),
  enum: z.array(jsonValueSchema).optional(),
  default: jsonValueSchema.optional(),
  description: z.string().optional(),
  pattern: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  exclusiveMaximum: z.number().optional(),
  required: z.array(z.string()).optional(),
  get properties() {
    return z.record(z.string(), jsonSchemaSchema).optional()
  },
  get propertyNames() {
    return jsonSchemaSchema.optional()
  },
  get additionalProperties() {
    return z.union([z.boolean(), jsonSchemaSchema]).optional()
  },
  get items() {
    return z.union([z.boolean(), jsonSchemaSchema]).optional()
  },
  get prefixItems() {
    return z.array(jsonSchemaSchema).optional()
  },
  get anyOf() {
    return z.array(jsonSchemaSchema).optional()
  },
  get oneOf() {
    return z.array(jsonSchemaSchema).optional()
  },
})

/** Undefined for a description of another form. */
export function readJsonSchema(value: unknown): JsonSchema | undefined {
  return jsonSchemaSchema.safeParse(value).data
}
