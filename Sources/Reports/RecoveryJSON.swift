import Publishing
import Recovery

extension RecoverySummary {
    /// One object, keys sorted, numbers in full.
    public func json() throws -> String { try JSONDialect.indented(self) }
}
