import Crystallography
import Symmetry

/// Which of several readings of a block's symmetry is meant: the one whose cell has the stated formula, Z, density and
/// multiplicities, and no atoms in one another. Where these say nothing, what the conventions prefer, with a warning.
struct CIFReadingChoice {
    let operations: [SymmetryOperation]
    let expansion: CIFExpansion
    private(set) var warnings: [ReadingWarning] = []

    private struct Outcome {
        var reading: CIFSymmetry.Reading
        var expansion: CIFExpansion
        var agreement: CIFAgreement
    }

    /// - Throws: where no reading is possible, or statements contradict one another and nothing confirms one.
    init(
        _ symmetry: CIFSymmetry, sites: [CIFSite], block: CIFBlock, lattice: Lattice
    ) throws(CrystalFileError) {
        if symmetry.readings.count == 1, symmetry.conflicts.isEmpty {
            operations = symmetry.readings[0].operations
            expansion = try CIFExpansion(sites, block: block, lattice: lattice, operations: operations)
            return
        }
        let contents = CIFContents(block: block)
        var outcomes: [Outcome] = []
        var fault: CrystalFileError?
        for reading in Self.distinct(symmetry.readings) {
            do throws(CrystalFileError) {
                let made = try CIFExpansion(
                    sites, block: block, lattice: lattice, operations: reading.operations)
                let agreement = contents.agreement(with: made.structure).and(made.multiplicities)
                    .and(made.hasOverlap ? .contradicted : .silent)
                outcomes.append(Outcome(reading: reading, expansion: made, agreement: agreement))
            } catch {
                fault = fault ?? error
            }
        }
        let confirmed = outcomes.filter { $0.agreement == .confirmed }
        let possible = outcomes.filter { $0.agreement != .contradicted }
        let pool = !confirmed.isEmpty ? confirmed : !possible.isEmpty ? possible : outcomes
        let refusal = block.error(
            symmetry.conflicts.isEmpty
                ? "\(symmetry.claim) fits in no setting" : symmetry.conflicts.sentence,
            at: block.column("_atom_site_fract_x"),
            remedy: "give the symmetry operations")
        guard let taken = pool.first else { throw fault ?? refusal }
        let others = pool.dropFirst().filter { !$0.expansion.isSameCrystal(as: taken.expansion) }
        if !symmetry.conflicts.isEmpty {
            guard taken.agreement == .confirmed, others.isEmpty else {
                throw block.error(
                    symmetry.conflicts.sentence, at: CIFSymmetryClaims(block: block).column,
                    remedy: "correct the symbols, or give the symmetry operations")
            }
            warnings.append(.confirmedByContents(symmetry.conflicts, taken: taken.reading.name))
        } else if !others.isEmpty {
            warnings.append(
                .openSetting(
                    claim: symmetry.claim, taken: taken.reading.name,
                    others: others.prefix(3).map(\.reading.name)))
        } else if taken.reading.name != symmetry.readings[0].name {
            warnings.append(.settingByContents(claim: symmetry.claim, taken: taken.reading.name))
        }
        (operations, expansion) = (taken.reading.operations, taken.expansion)
    }

    /// Readings of the same operations, once.
    private static func distinct(_ readings: [CIFSymmetry.Reading]) -> [CIFSymmetry.Reading] {
        var seen: Set<Set<SymmetryOperation>> = []
        return readings.filter { seen.insert(Set($0.operations)).inserted }
    }
}
