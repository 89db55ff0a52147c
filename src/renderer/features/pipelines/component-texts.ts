/** What components say of themselves, in the language of the page. Those of a project speak the language of their author. */
import type { ComponentInfo } from '#shared/pipelines.ts'
import type { Json } from '#shared/runs.ts'

type Texts = Readonly<Record<string, string>>

/** English text to that of the language; nothing for English itself. */
export async function componentTexts(language: string): Promise<Texts> {
  return language === 'pt-BR' ? (await import('./component-texts-pt-br.ts')).componentTextsPtBR : {}
}

export function translatedComponent(component: ComponentInfo, texts: Texts): ComponentInfo {
  const told = (text: string) => texts[text] ?? text
  const ports = <Port extends { summary: string }>(all: Readonly<Record<string, Port>>) =>
    Object.fromEntries(Object.entries(all).map(([name, port]) => [name, { ...port, summary: told(port.summary) }]))
  return {
    ...component,
    summary: told(component.summary),
    inputs: ports(component.inputs),
    outputs: ports(component.outputs),
    options: translatedSchema(component.options, told),
  }
}

/** Every `description` of a JSON Schema; an option of that name is an object and no text. */
function translatedSchema(
  schema: Readonly<Record<string, Json>>,
  told: (text: string) => string,
): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === 'description' && typeof value === 'string' ? told(value) : translatedValue(value, told),
    ]),
  )
}

function translatedValue(value: Json, told: (text: string) => string): Json {
  if (Array.isArray(value)) return value.map((item) => translatedValue(item, told))
  return value !== null && typeof value === 'object' ? translatedSchema(value, told) : value
}
