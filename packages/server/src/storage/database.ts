/** A named, prepared statement. The name is its key on every connection: one text a name. */
export interface Statement<Row extends object> {
  readonly name: string
  readonly text: string
  /** Only a type: what a row looks like. */
  readonly row?: Row
}

export const statement = <Row extends object>(name: string, text: string): Statement<Row> => ({ name, text })

export interface Queryable {
  /** Rows as PostgreSQL gives them: uuid and text as string, timestamptz as Date, bytea as Buffer. */
  query<Row extends object>(statement: Statement<Row>, values?: readonly unknown[]): Promise<Row[]>
}

export interface Database extends Queryable {
  /** Runs `work` in a transaction; runs it again when the database asks for that (40001, 40P01). */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>
  /** Resolves when the database answers. */
  ping(): Promise<void>
  close(): Promise<void>
}
