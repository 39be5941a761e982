import CrystalFiles
import Crystallography
import NumericalMethods
import Parameterization
import Symmetry

/// What validation found in one record of a set. Fields that could not be determined are nil.
public struct ValidatedRecord: Sendable, Codable {
    /// A group, the tolerances in which it holds (Å), and what enforcing it displaces (Å).
    public struct Rung: Sendable, Codable {
        public var number: Int
        public var international: String
        public var tolerances: [Double]
        public var maxDisplacement: Double
    }

    public var file: String
    /// The record's place in its file, from 0.
    public var index: Int
    public var line: Int?
    public var name: String?
    /// ITA number that the file or the user claims.
    public var claimed: Int?
    public var number: Int?
    public var hallNumber: Int?
    public var international: String?
    public var degreesOfFreedom: Int?
    /// Å, between two atoms, periodic images included; nil where none are within 4 Å.
    public var closestDistance: Double?
    /// The smallest distance as a share of the sum of the covalent radii.
    public var closestShare: Double?
    /// g/cm³.
    public var density: Double?
    /// Every group between 1e-5 and 2 Å; nil unless asked for.
    public var ladder: [Rung]?
    public var passed: Bool
    /// Why it failed; empty where it passed.
    public var reason: String
    /// What was assumed or repaired on reading.
    public var warnings: [String] = []
}

/// Claimed against found symmetry, degrees of freedom, contacts and density of one record.
public struct RecordValidation: Sendable {
    /// Å.
    public var tolerance: Double
    /// The ITA number every record should have; nil takes the file's claim.
    public var expected: Int?
    /// Whether every group that a record shows at any tolerance is listed.
    public var withLadder: Bool
    /// Contacts shorter than this share of the sum of the covalent radii fail.
    public static let shortestShare = 0.6

    public init(tolerance: Double = 0.01, expected: Int? = nil, withLadder: Bool = false) {
        self.withLadder = withLadder
        self.tolerance = tolerance
        self.expected = expected
    }

    public func callAsFunction(_ entry: CrystalRecordStream.Element) -> ValidatedRecord {
        var result = ValidatedRecord(
            file: entry.file, index: entry.index, line: entry.line, passed: false, reason: "")
        do {
            let record = try entry.result.get()
            result.name = record.name
            result.warnings = record.warnings
            result.claimed = expected ?? Self.claim(of: record)
            result.density = Self.density(record.structure)
            (result.closestDistance, result.closestShare) = Self.closestContact(record.structure)
            let found = try SymmetryFinder.find(in: record.structure, tolerance: tolerance)
            result.number = found.spaceGroup.number
            result.hallNumber = found.spaceGroup.hallNumber
            result.international = found.spaceGroup.symbol
            let standard = try SymmetryFinder.standardize(record.structure, found)
            result.degreesOfFreedom =
                try ReducedStructure(reducing: standard.structure, in: found.spaceGroup).degreesOfFreedom
            if withLadder { result.ladder = try Self.ladder(record.structure) }
            result.reason = Self.fault(of: result)
            result.passed = result.reason.isEmpty
        } catch {
            result.reason = "\(error)"
        }
        return result
    }

    /// The number that the file states; else that of its symbol, else of its operations. A file that says P 1 lists
    /// every atom; that claims nothing about the crystal.
    private static func claim(of record: CrystalRecord) -> Int? {
        let stated =
            record.declaredNumber
            ?? record.declaredSymbol.flatMap { SpaceGroup.candidates(for: $0).first?.number }
            ?? record.declaredOperations.flatMap { SpaceGroup.matching(operations: $0)?.number }
        return stated.flatMap { $0 > 1 ? $0 : nil }
    }

    private static func ladder(_ structure: CrystalStructure) throws -> [ValidatedRecord.Rung] {
        try SymmetryFinder.ladder(in: structure).map { rung in
            ValidatedRecord.Rung(
                number: rung.found.spaceGroup.number, international: rung.found.spaceGroup.symbol,
                tolerances: [rung.tolerances.lowerBound, rung.tolerances.upperBound],
                maxDisplacement: rung.found.maxDisplacement)
        }
    }

    private static func fault(of record: ValidatedRecord) -> String {
        var faults: [String] = []
        if let claimed = record.claimed, let number = record.number, claimed != number {
            faults.append("space group \(claimed) is claimed, \(number) is found")
        }
        if let share = record.closestShare, share < shortestShare {
            let percent = Int((100 * share).rounded())
            faults.append("two atoms stand at \(percent) % of the sum of their covalent radii")
        }
        return faults.joined(separator: "; ")
    }

    /// g/cm³.
    static func density(_ structure: CrystalStructure) -> Double {
        let mass = structure.composition.sorted { $0.key < $1.key }
            .reduce(0) { $0 + $1.key.mass * $1.value }
        return mass * 1.660_539_066_6 / structure.lattice.volume
    }

    static func closestContact(_ structure: CrystalStructure) -> (distance: Double?, share: Double?) {
        let radii = structure.sites.map { $0.element?.covalentRadius ?? 1.4 }
        let neighbours = PeriodicGeometry(structure.lattice)
            .neighbours(of: structure.sites.map(\.position), within: 4)
        var distance: Double?
        var share: Double?
        for (atom, list) in neighbours.enumerated() {
            for neighbour in list {
                let part = neighbour.distance / (radii[atom] + radii[neighbour.index])
                distance = min(distance ?? .infinity, neighbour.distance)
                share = min(share ?? .infinity, part)
            }
        }
        return (distance, share)
    }
}
