import Crystallography
import Foundation

extension DesignProblem {
    /// More decorations are not listed.
    package static let mostListed = 200_000
    /// Up to so many, a problem is asked before it runs whether any is admitted.
    private static let mostAsked = 20_000.0

    /// How many decorations there are, composition by composition or not.
    private func decorationCount(_ pattern: Int) -> Double {
        (0..<space.orbitCount).reduce(1.0) { $0 * Double(choices(pattern, $1).count) }
    }

    /// One decoration for each composition, tolerance factor in range or not.
    ///
    /// - Throws: `DesignError.space` where there are too many.
    package func compositions() throws(DesignError) -> [Decoration] {
        var result: [Decoration] = []
        var seen = Set<SiteComposition>()
        for pattern in patterns.indices {
            let count = decorationCount(pattern)
            guard count + Double(result.count) <= Double(Self.mostListed) else {
                throw .space(
                    "--method exhaustive: \(count.formatted()) decorations are too many; at most \(Self.mostListed) are searched"
                )
            }
            let choices = (0..<space.orbitCount).map { self.choices(pattern, $0) }
            var digits = [Int](repeating: 0, count: choices.count)
            for _ in 0..<Int(count) {
                let decoration = Decoration(
                    pattern: pattern, elements: zip(choices, digits).map { $0[$1] })
                if seen.insert(composition(decoration)).inserted { result.append(decoration) }
                for k in digits.indices {
                    digits[k] += 1
                    if digits[k] < choices[k].count { break }
                    digits[k] = 0
                }
            }
        }
        return result
    }

    /// One decoration for each composition that is admitted; nil where there are more than `count`.
    package func admittedCompositions(atMost count: Int) -> [Decoration]? {
        guard patterns.indices.reduce(0.0, { $0 + decorationCount($1) }) <= Double(Self.mostListed) else {
            return nil
        }
        do {
            let admitted = try compositions().filter(admits)
            return admitted.count <= count ? admitted : nil
        } catch {
            return nil
        }
    }

    /// Few compositions are all looked at: whether the tolerance factor and the constraints leave any.
    func checkAdmitted() throws(DesignError) {
        guard toleranceRange != nil || largestTau != nil || octahedralRange != nil || !constraints.isEmpty
        else { return }
        guard patterns.indices.reduce(0.0, { $0 + decorationCount($1) }) <= Self.mostAsked else { return }
        let all = try compositions()
        guard !all.contains(where: admits) else { return }
        let conditions =
            (toleranceRange.map { ["tolerance factor \($0.lowerBound) to \($0.upperBound)"] } ?? [])
            + (largestTau.map { ["τ below \($0)"] } ?? [])
            + (octahedralRange.map { ["octahedral factor \($0.lowerBound) to \($0.upperBound)"] } ?? [])
            + constraints.map(\.name)
        throw .impossibleTarget(
            property: "the composition",
            reason:
                "none of the \(all.count) neutral compositions meets \(conditions.joined(separator: ", "))")
    }
}
