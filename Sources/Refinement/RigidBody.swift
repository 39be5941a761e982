import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Symmetry

/// A rigid group in its structure: the arms of its atoms as they were when it was made, and what its site leaves of shift and turn.
///
/// Operations that bring the group into itself (its stabilizer) must do so when it has moved: for each of them with rotation R, a
/// shift t of the centre has R t = t and a turn ω, an axial vector, det(R) R ω = ω. Both spaces follow exactly from integer
/// matrices, as a site's do: t from the site of the centre, ω from that of the matrices det(R) R.
public struct RigidBody: Sendable, Hashable {
    /// An atom of the group.
    private struct Member: Sendable, Hashable {
        let orbit: Int
        /// Brings the atom to the orbit's representative.
        let back: SymmetryOperation
        /// From the centre, in the frame of √G, Å.
        let arm: SIMD3<Double>
    }

    /// A direction, fractional, about which it may turn.
    private struct Axis: Sendable, Hashable {
        let direction: SIMD3<Int>
        let name: String
    }

    /// As it was asked for.
    public let group: RigidGroup
    /// Of its structure in the model.
    package let phase: Int
    /// Of all its atoms, the images of its orbits included.
    public let atomCount: Int
    /// Operations that bring it into itself.
    package let stabilizer: [SymmetryOperation]
    private let members: [Member]
    /// Of each orbit one of the members.
    private let firsts: [Int]
    private let centreSite: SiteSymmetry
    private let axes: [Axis]
    /// Å, from the centre to the farthest atom.
    private let reach: Double
    /// Free coordinates of the centre, then turns from where it was when this was made, degrees.
    package var values: [Double]

    /// Å; what is nearer to an axis lies on it.
    private static let onAxis = 1e-3

    /// - Throws: where its atoms are none of a phase or a network, or hold a polar group's origin.
    public init(_ group: RigidGroup, in model: PowderModel) throws(RigidGroupError) {
        let phase = model.phases.firstIndex { phase in
            let labels = Set(phase.structure.orbits.map(\.label))
            return group.labels.allSatisfy(labels.contains)
        }
        guard let phase else {
            throw .unknownAtoms(
                group: group.name, known: model.phases.flatMap { $0.structure.orbits.map(\.label) })
        }
        let structure = model.phases[phase].structure
        let atoms = try RigidAtoms(group, in: structure)
        for atom in atoms.list {
            let free = structure.freeCoordinates.count { $0.orbit == atom.orbit }
            guard free == structure.orbits[atom.orbit].coordinates.count else {
                throw .holdsOrigin(group: group.name, label: structure.orbits[atom.orbit].label)
            }
        }
        let frame = Self.root(structure.lattice.metric)
        let stabilizer = atoms.stabilizer(in: structure)
        let site = SiteSymmetry(stabilizer: stabilizer)
        let centre = site.idealized(atoms.centre)
        let arms = atoms.list.map { frame * ($0.position - centre) }
        let members = zip(atoms.list, arms).compactMap { atom, arm in
            atom.operation.inverse.map { Member(orbit: atom.orbit, back: $0, arm: arm) }
        }
        var seen: Set<Int> = []
        firsts = members.indices.filter { seen.insert(members[$0].orbit).inserted }
        axes = Self.axes(stabilizer, arms, frame)
        (self.group, self.phase, self.stabilizer) = (group, phase, stabilizer)
        (self.members, centreSite, atomCount) = (members, site, arms.count)
        reach = max(arms.map(\.length).max() ?? 1, Self.onAxis)
        values = site.parameters(of: centre) + [Double](repeating: 0, count: axes.count)
    }

    /// The directions about which it may turn; about a linear group's own axis there is nothing to turn.
    private static func axes(
        _ stabilizer: [SymmetryOperation], _ arms: [SIMD3<Double>], _ frame: Matrix3
    ) -> [Axis] {
        let axial = SiteSymmetry(
            stabilizer: stabilizer.map {
                SymmetryOperation(rotation: $0.rotation.determinant < 0 ? -$0.rotation : $0.rotation)
            })
        var axes = zip(axial.directions, axial.coordinateNames).map { Axis(direction: $0, name: $1) }
        guard let longest = arms.max(by: { $0.length < $1.length }), longest.length > onAxis else {
            return []
        }
        let own = frame.inverse * longest
        guard arms.allSatisfy({ cross($0, longest).length < onAxis * longest.length }),
            (axial.projector * own - own).length < onAxis * own.length
        else { return axes }
        // The direction with most of it goes: with the own axis the others span what the whole did.
        let shares = axial.parameters(of: own).map(abs)
        if let most = shares.indices.max(by: { shares[$0] < shares[$1] }) { axes.remove(at: most) }
        return axes
    }

    // MARK: Parameters

    /// `SO4.x`, of the centre, then `SO4.rz`, turns about free directions.
    public var parameterNames: [String] {
        centreSite.coordinateNames.map { "\(group.name).\($0)" } + axes.map { "\(group.name).r\($0.name)" }
    }

    /// How many of its parameters are shifts of the centre; the others are turns.
    public var shiftCount: Int { centreSite.degreesOfFreedom }

    /// With the values that they have now. The kind of a turn is that of a coordinate, in degrees.
    package func parameters(in structure: ReducedStructure) -> [Parameter] {
        let lengths = structure.lattice.lengths
        let edge = (lengths.x + lengths.y + lengths.z) / 3
        return zip(parameterNames, values).enumerated().map { k, entry in
            let isShift = k < shiftCount
            let most = isShift ? 100.0 : 360
            return Parameter(
                name: entry.0, value: entry.1, kind: .coordinate, bounds: -most...most,
                formula: isShift ? centreSite.formula : "degrees",
                scale: isShift ? 1 / edge : 180 / (.pi * reach))
        }
    }

    /// Names of the coordinates that it moves, without its phase's name.
    package func coordinateNames(in structure: ReducedStructure) -> [String] {
        firsts.flatMap { index in
            let orbit = structure.orbits[members[index].orbit]
            return orbit.siteSymmetry.coordinateNames.map { "\(orbit.label).\($0)" }
        }
    }

    /// Their values, where the group's parameters have the values given and the cell is the structure's.
    package func coordinates(at values: [Double], in structure: ReducedStructure) -> [Double] {
        let positions = positions(at: values, in: structure)
        return firsts.flatMap { index in
            let site = structure.orbits[members[index].orbit].siteSymmetry
            return site.parameters(of: members[index].back.apply(to: positions[index]))
        }
    }

    /// Of every atom of the group, fractional, images of one orbit among them.
    package func positions(at values: [Double], in structure: ReducedStructure) -> [SIMD3<Double>] {
        let frame = Self.root(structure.lattice.metric)
        let back = frame.inverse
        let centre = centreSite.position(Array(values.prefix(shiftCount)))
        var turn = SIMD3<Double>.zero
        for (axis, degrees) in zip(axes, values.dropFirst(shiftCount)) {
            let direction = frame * SIMD3<Double>(axis.direction)
            turn += direction * (degrees * .pi / 180 / direction.length)
        }
        return members.map { centre + back * Self.turned($0.arm, by: turn) }
    }

    /// Rodrigues' formula.
    private static func turned(_ arm: SIMD3<Double>, by turn: SIMD3<Double>) -> SIMD3<Double> {
        let angle = turn.length
        guard angle > 1e-12 else { return arm + cross(turn, arm) }
        let axis = turn / angle
        return arm * cos(angle) + cross(axis, arm) * sin(angle) + axis * (axis.dot(arm) * (1 - cos(angle)))
    }

    /// The orbits of the atoms that `positions` gives.
    package var orbits: [Int] { members.map(\.orbit) }

    private static func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
        SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
    }

    /// √G, by Denman & Beavers' iteration. In this frame an operation that keeps G is the same isometry whatever the lengths and
    /// angles that its family leaves free, so that arms stay where symmetry needs them while the cell changes.
    private static func root(_ metric: Matrix3) -> Matrix3 {
        var (y, z) = (metric, Matrix3.identity)
        for _ in 0..<60 {
            let next = 0.5 * (y + z.inverse)
            z = 0.5 * (z + y.inverse)
            let step = (0..<3).map { (next[$0] - y[$0]).length }.max() ?? 0
            y = next
            if step < 1e-14 * y[0].length { break }
        }
        return y
    }
}
