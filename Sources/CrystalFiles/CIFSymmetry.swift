import Crystallography
import NumericalMethods
import Symmetry

/// The symmetry a data block states. Operations win over the Hall symbol, that over the Hermann–Mauguin
/// symbol, that over the number: the further down, the less it fixes origin and axes. What contradicts is said.
struct CIFSymmetry {
    struct Reading {
        /// Wrapped, the identity first.
        var operations: [SymmetryOperation]
        /// `F d -3 m choice 2 (Hall -F 4vw 2vw 3)`
        var name: String
    }

    /// What the statement can mean in this cell, what the conventions prefer first; never empty. Where there are
    /// several, the sites decide (`CIFReadingChoice`).
    private(set) var readings: [Reading] = []
    /// The statement that leaves more than one reading.
    private(set) var claim = ""
    /// Statements that cannot all be true: a reading holds only where the contents of the cell confirm it.
    private(set) var conflicts: [SymmetryConflict] = []
    /// As the file writes it; nil beside magnetic operations, which have another group.
    let symbol: String?
    let number: Int?
    private(set) var warnings: [ReadingWarning] = []

    /// Relative change of the metric: what fits to a setting within rounding and strain, beyond which another setting
    /// of the group is tried.
    private static let fittingMisfit = 0.01
    /// Beyond it symmetry and cell cannot both be right: 2 % between edges that ought to be equal, or 1.5°.
    private static let largestMisfit = 0.05
    private static let reportedMisfit = 1e-3

    init(block: CIFBlock, lattice: Lattice) throws(CrystalFileError) {
        let claims = CIFSymmetryClaims(block: block)
        if let listed = try CIFOperations(block: block) {
            (symbol, number) = listed.isMagnetic ? (nil, nil) : (claims.symbols.first, claims.number)
            warnings += listed.warnings
            if !listed.isMagnetic {
                warnings += claims.warnings + claims.conflicts.map { .symmetry($0) }
                warnings += try claims.disagreements(with: listed.operations)
            }
            readings = [Reading(operations: listed.operations, name: "the list of operations")]
            claim = readings[0].name
        } else {
            (symbol, number) = (claims.symbols.first, claims.number)
            try readStatements(claims, block: block, lattice: lattice)
        }
        let misfits = readings.map { Self.misfit(of: $0.operations, lattice: lattice) }
        let smallest = misfits.min() ?? 0
        let percent = (smallest * 1e4).rounded() / 100
        guard smallest <= Self.largestMisfit else {
            throw block.error(
                "the cell breaks the symmetry of \(readings[0].name) by \(percent) %", at: claims.column,
                remedy: "correct the cell, or the symbol and its axes")
        }
        if smallest > Self.reportedMisfit {
            warnings.append(.cellBreaksSymmetry(percent))
        }
    }

    private mutating func readStatements(
        _ claims: CIFSymmetryClaims, block: CIFBlock, lattice: Lattice
    ) throws(CrystalFileError) {
        guard !claims.isEmpty else {
            try Self.refuseUnreadSymmetry(block)
            readings = [Reading(operations: [.identity], name: "P 1")]
            warnings.append(.noSymmetry)
            return
        }
        let exact = try claims.exactReadings()
        warnings += claims.warnings
        var conflicts = claims.conflicts
        var symbolReadings = Self.fitting(claims.tiers, lattice)
        let stated = claims.readings
        if !exact.isEmpty {
            let operations = exact.map { Set($0.operations) }
            let agrees =
                Set(operations).count == 1
                && (stated.isEmpty || stated.contains { Set($0.operations) == operations[0] })
            if agrees {
                symbolReadings = []
            } else {
                let names = exact.map(\.name) + claims.symbols.map { "the symbol \($0)" }
                conflicts.append(.differentGroups(names))
            }
        }
        var candidates = exact + symbolReadings
        claim = claims.symbols.first ?? claims.number.map { "number \($0)" } ?? "the symmetry"
        if let number = claims.validNumber {
            let named = candidates.filter { $0.number == number }
            if candidates.isEmpty {
                candidates = Self.fitting(SpaceGroup.readings(of: "\(number)", code: claims.code), lattice)
                if candidates.isEmpty {
                    throw block.error(
                        "group \(number) has no setting with the coordinate-system code \(claims.code ?? "")",
                        at: claims.column, remedy: "give the symmetry operations or the Hall symbol")
                }
            } else if named.isEmpty {
                let conflict = SymmetryConflict.number(
                    of: candidates[0].name, candidates[0].number, stated: number)
                if !exact.isEmpty, !stated.isEmpty, conflicts.isEmpty {
                    // Hall and Hermann–Mauguin symbol agree: the number alone is wrong.
                    warnings.append(.symbolsTaken(conflict))
                } else {
                    conflicts.append(conflict)
                    candidates += Self.fitting(SpaceGroup.readings(of: "\(number)"), lattice)
                }
            } else if conflicts.isEmpty {
                candidates = named
            }
        }
        guard !candidates.isEmpty else {
            throw block.error(
                conflicts.first?.description ?? "no space group is understood", at: claims.column,
                remedy: "give the symmetry operations, or a symbol of International Tables")
        }
        self.conflicts = conflicts
        readings = candidates.map { Reading(operations: $0.operations, name: $0.name) }
    }

    /// Items that speak of symmetry under names that no reader has: without them P 1 would be another crystal.
    private static func refuseUnreadSymmetry(_ block: CIFBlock) throws(CrystalFileError) {
        let prefixes = [
            "_symmetry_", "_space_group", "_parent_space_group", "_cod_original_sg_", "_aflow_space_group",
            "_aflow_sg", "_magnetic_space_group",
        ]
        let silent: Set<String> = ["p1", "1", "triclinic", "anorthic", "x,y,z"]
        for column in block.columns(beginning: prefixes) {
            let isP1 = column.values.allSatisfy { text in
                text.map { silent.contains($0.lowercased().filter { !$0.isWhitespace }) } ?? true
            }
            guard !isP1 else { continue }
            throw block.error(
                "symmetry in an item that is not read, and in no other", at: column,
                remedy:
                    "give _space_group_symop_operation_xyz or _space_group_name_H-M_alt, P 1 where every atom is listed"
            )
        }
    }

    /// The first tier that has readings which the cell allows, those; where it allows none, the nearest.
    private static func fitting(_ tiers: [[SpaceGroupReading]], _ lattice: Lattice) -> [SpaceGroupReading] {
        for limit in [fittingMisfit, largestMisfit] {
            for tier in tiers {
                let fits = tier.filter { misfit(of: $0.operations, lattice: lattice) < limit }
                if !fits.isEmpty { return fits }
            }
        }
        let nearest = tiers.flatMap { $0 }.min {
            misfit(of: $0.operations, lattice: lattice) < misfit(of: $1.operations, lattice: lattice)
        }
        return nearest.map { [$0] } ?? []
    }

    /// The largest relative change of the metric under an operation.
    private static func misfit(of operations: [SymmetryOperation], lattice: Lattice) -> Double {
        let metric = lattice.metric
        return operations.map { operation in
            let rotation = Matrix3(operation.rotation)
            return (rotation.transpose * metric * rotation - metric).frobeniusNorm / metric.frobeniusNorm
        }.max() ?? 0
    }
}
