/** The same keys as in English; plural forms may differ, because Portuguese has one more. */
type Texts<Shape> = { [Key in keyof Shape]: Shape[Key] extends string ? string : Texts<Shape[Key]> }
type Plurals<Shape> = {
  [Key in keyof Shape as Key extends `${infer Stem}_other` ? `${Stem}_many` : never]: string
}
export type Translation<Shape> = { [Key in keyof Shape]: Texts<Shape[Key]> & Plurals<Shape[Key]> }
