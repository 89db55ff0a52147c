/** The built-in components by name. */
import type { Component } from '../pipelines/component.ts'
import { deploy } from './deploy.ts'
import { drift } from './drift.ts'
import { evaluate } from './evaluate.ts'
import { extract } from './extract.ts'
import { file } from './file.ts'
import { gate } from './gate.ts'
import { importModel } from './import-model.ts'
import { materialize } from './materialize.ts'
import { parity } from './parity.ts'
import { predict } from './predict.ts'
import { prepare } from './prepare.ts'
import { quarantine } from './quarantine.ts'
import { register } from './register.ts'
import { retrieve } from './retrieve.ts'
import { split } from './split.ts'
import { statistics } from './statistics.ts'
import { train } from './train.ts'
import { validate } from './validate.ts'

const components: readonly Component[] = [
  extract,
  file,
  statistics,
  validate,
  quarantine,
  drift,
  retrieve,
  split,
  prepare,
  train,
  importModel,
  evaluate,
  gate,
  register,
  deploy,
  predict,
  materialize,
  parity,
]

export const catalogue: ReadonlyMap<string, Component> = new Map(
  components.map((component) => [component.name, component]),
)
