import Crystallography
import ExplainedErrors
import Foundation
import Indexing
import NumericalMethods
import Symmetry

/// A cell with what its numbers say of the axes: the crystal family, the unique axis, which centrings are in question.
public struct CellAxes: Sendable, Hashable {
    /// The cell whose symbols are asked for.
    public let cell: Lattice
    /// The highest that the numbers allow, or that of the lattice which was named.
    public let family: CrystalFamily
    /// 0, 1, 2 of a monoclinic cell.
    public let uniqueAxis: Int?
    /// a = b = c, α = β = γ.
    public let hasRhombohedralAxes: Bool
    /// Those that are in question.
    public let centrings: [Centring]

    /// What two lengths may differ by, as a share, and still be one that was rounded.
    private static let lengthTolerance = 2e-4
    /// Degrees; likewise.
    private static let angleTolerance = 0.02

    /// - Parameters:
    ///   - cell: in the axes that the user has.
    ///   - lattice: the Bravais type; nil for the highest family that the numbers allow, with every centring.
    /// - Throws: where the numbers are not those of such a cell.
    public init(_ cell: Lattice, lattice: BravaisLattice? = nil) throws(CellAxesError) {
        let shape = CellShape(cell, length: Self.lengthTolerance, angle: Self.angleTolerance)
        self.cell = cell
        let isRhombohedral = shape.isRhombohedral && !shape.isCubic && (lattice == nil || lattice == .hR)
        hasRhombohedralAxes = isRhombohedral
        family = lattice?.family ?? (isRhombohedral ? .hexagonal : shape.family)
        guard isRhombohedral || shape.allows(family) else { throw .otherNumbers(lattice?.rawValue ?? "") }
        if let lattice {
            // On rhombohedral axes the cell is primitive.
            centrings = [isRhombohedral ? .P : lattice.centring]
        } else {
            centrings = isRhombohedral ? [.P] : Self.centrings(of: family)
        }
        uniqueAxis = family == .monoclinic ? shape.uniqueAxis : nil
    }

    private static func centrings(of family: CrystalFamily) -> [Centring] {
        switch family {
        case .triclinic: [.P]
        case .monoclinic: [.P, .A, .B, .C, .I]
        case .orthorhombic: [.P, .A, .B, .C, .I, .F]
        case .tetragonal: [.P, .I]
        case .hexagonal: [.P, .R]
        case .cubic: [.P, .I, .F]
        }
    }

    /// Whether a setting stands on these axes.
    func admits(_ group: SpaceGroup) -> Bool {
        guard group.crystalFamily == family, centrings.contains(group.centring) else { return false }
        if family == .monoclinic { return group.uniqueAxis == uniqueAxis }
        return family != .hexagonal || group.hasRhombohedralAxes == hasRhombohedralAxes
    }

    /// The group of the bare lattice without centring; its rotations are the holohedry.
    var holohedralGroup: SpaceGroup? {
        let symmorphic = (1...530).lazy.compactMap { SpaceGroup(hallNumber: $0) }.filter { group in
            group.crystalFamily == family && group.centring == .P && group.uniqueAxis == uniqueAxis
                && (family != .hexagonal || group.hasRhombohedralAxes == hasRhombohedralAxes)
                && group.operations.allSatisfy { $0.translation == .zero }
        }
        return symmorphic.max { $0.order < $1.order }
    }
}

/// Which equalities hold between the numbers of a cell.
private struct CellShape {
    private let lengths: SIMD3<Double>
    private let angles: SIMD3<Double>
    private let length: Double
    private let angle: Double

    init(_ cell: Lattice, length: Double, angle: Double) {
        (lengths, angles) = (cell.lengths, cell.angles)
        (self.length, self.angle) = (length, angle)
    }

    private func areEqual(_ i: Int, _ j: Int) -> Bool {
        abs(lengths[i] - lengths[j]) <= length * max(lengths[i], lengths[j])
    }

    private func isAngle(_ axis: Int, _ degrees: Double) -> Bool { abs(angles[axis] - degrees) <= angle }

    private var isRight: Bool { (0..<3).allSatisfy { isAngle($0, 90) } }
    var isCubic: Bool { allows(.cubic) }
    var isRhombohedral: Bool {
        areEqual(0, 1) && areEqual(1, 2) && isAngle(1, angles[0]) && isAngle(2, angles[0])
    }

    func allows(_ family: CrystalFamily) -> Bool {
        switch family {
        case .triclinic: true
        case .monoclinic: (0..<3).count { isAngle($0, 90) } >= 2
        case .orthorhombic: isRight
        case .tetragonal: isRight && areEqual(0, 1)
        case .hexagonal: areEqual(0, 1) && isAngle(0, 90) && isAngle(1, 90) && isAngle(2, 120)
        case .cubic: isRight && areEqual(0, 1) && areEqual(1, 2)
        }
    }

    var family: CrystalFamily {
        let order: [CrystalFamily] = [.cubic, .hexagonal, .tetragonal, .orthorhombic, .monoclinic]
        return order.first { allows($0) } ?? .triclinic
    }

    /// The axis with the oblique angle; b where all are right.
    var uniqueAxis: Int { (0..<3).first { !isAngle($0, 90) } ?? 1 }
}

/// Why numbers are no cell of a lattice.
public enum CellAxesError: ExplainedError, Hashable {
    /// The lattice's letters.
    case otherNumbers(String)

    /// What went wrong and what to do.
    public var explanation: Explanation {
        switch self {
        case .otherNumbers(let lattice):
            Explanation(
                "the cell's numbers are not those of a lattice \(lattice)",
                remedy: "give the conventional cell of that lattice, or another lattice")
        }
    }
}
