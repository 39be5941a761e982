import Crystallography
import Symmetry

/// What validation found in one record of a set. Fields that could not be determined are nil.
public struct ValidatedRecord: Sendable, Codable {
    /// A group and where it is on the ladder of tolerances.
    public struct Rung: Sendable, Codable {
        /// Of the group, 1 to 530.
        public var hallNumber: Int
        /// Å, in which it holds.
        public var tolerances: ClosedRange<Double>
        /// Å, what enforcing it displaces.
        public var maxDisplacement: Double
    }

    /// Two atoms of the cell, which are the same where an atom meets its own image.
    public struct Pair: Sendable, Codable {
        /// Indices from 0.
        public var atoms: [Int]
        /// The two sites.
        public var labels: [String]
        /// Å.
        public var distance: Double
        /// Distance over the sum of covalent radii.
        public var share: Double
    }

    /// The file.
    public var file: String
    /// The record's place in its file, from 0.
    public var index: Int
    /// The record's line, from 1; nil in files of one record.
    public var line: Int?
    /// The record's own name.
    public var name: String?
    /// ITA number that the file or the user claims.
    public var claimed: Int?
    /// The one that is found: of its setting, 1 to 530.
    public var hallNumber: Int?
    /// Smallest whole numbers, elements by the alphabet.
    public var formula: String?
    /// Sites of the cell.
    public var atomCount: Int?
    /// Atomic numbers, rising; empty where the record cannot be read.
    public var elements: [Int] = []
    /// States of the table that leave nothing over, `Fe2+ Fe3+ O2-`; nil where there are none.
    public var oxidationStates: String?
    /// Free lattice parameters and coordinates together.
    public var degreesOfFreedom: Int?
    /// Å, between two atoms, periodic images included.
    public var closestDistance: Double?
    /// The smallest distance as a share of the sum of the covalent radii (`ContactLimits`).
    public var closestShare: Double?
    /// The pair that has it.
    public var closestPair: Pair?
    /// g/cm³.
    public var density: Double?
    /// Every group between 1e-5 and 2 Å; nil unless asked for.
    public var ladder: [Rung]?
    /// Every clause of the verdict, in the order of `ValidationClause`.
    public var clauses: [VerdictClause] = []
    /// No clause fails.
    public var passed: Bool
    /// Why it failed, the sentences of all clauses that do; empty where it passed.
    public var reason: String
    /// What was assumed or repaired on reading.
    public var warnings: [String] = []

    /// nil where the record cannot be read.
    public var elementCount: Int? { elements.isEmpty ? nil : elements.count }

    /// The group that is found.
    public var spaceGroup: SpaceGroup? {
        get { hallNumber.flatMap(SpaceGroup.init(hallNumber:)) }
        set { hallNumber = newValue?.hallNumber }
    }

    /// The verdict from its clauses.
    mutating func conclude() {
        passed = clauses.hold
        reason = clauses.failures.joined(separator: "; ")
    }
}

extension ValidatedRecord.Rung {
    /// The group of the rung.
    public var spaceGroup: SpaceGroup? { SpaceGroup(hallNumber: hallNumber) }
}
