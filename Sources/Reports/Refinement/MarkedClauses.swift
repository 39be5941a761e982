import Crystallography

extension Sequence<VerdictClause> {
    /// A line for each: ✓ holds, ✗ fails, – unknown; what holds comes first.
    package var marked: [String] {
        let all = Array(self)
        return all.filter { $0.outcome == .holds }.map { "✓ \($0.sentence)" }
            + all.filter { $0.outcome == .unknown }.map { "– \($0.sentence)" }
            + all.filter { $0.outcome == .fails }.map { "✗ \($0.sentence)" }
    }
}
