import CrystalFiles

/// How studies draw structures from large sets: records are read one by one, what cannot be used is said, and the crystal
/// systems take turns.
package enum StratifiedDraw {
    /// What `use` makes of every record of files, folders and sets.
    ///
    /// - Parameters:
    ///   - skipped: gets one line for each record that cannot be read or used.
    ///   - use: nil for a record that is not wanted; what it throws leaves the record out, and is said.
    package static func read<Member>(
        _ paths: [String], skipped: (String) -> Void,
        _ use: (CrystalRecord, CrystalRecordStream.Element) throws -> Member?
    ) throws -> [Member] {
        var result: [Member] = []
        for path in paths {
            for element in try CrystalRecordStream(path: path) {
                do {
                    if let member = try use(try element.result.get(), element) { result.append(member) }
                } catch {
                    let place = element.line.map { ":\($0)" } ?? ""
                    skipped("\(element.file)\(place): left out: \(error)")
                }
            }
        }
        return result
    }

    /// In turn one member of each pile, its last first, `count` of them or all there are: every beginning is balanced.
    ///
    /// - Parameter accepts: asked once of each member that is drawn; a pile whose member is refused misses its turn.
    package static func deal<Member>(
        _ piles: [[Member]], count: Int, accepts: (Member) -> Bool = { _ in true }
    ) -> [Member] {
        var rest = piles
        var chosen: [Member] = []
        while chosen.count < count, rest.contains(where: { !$0.isEmpty }) {
            for index in rest.indices where chosen.count < count {
                guard let next = rest[index].popLast(), accepts(next) else { continue }
                chosen.append(next)
            }
        }
        return chosen
    }
}
