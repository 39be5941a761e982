import Crystallography
import ExplainedErrors
import Foundation
import NumericalMethods
import Symmetry

/// Why a structure cannot be reduced in a space group.
public enum ReductionError: ExplainedError {
    /// An image of this atom (counted from 0) under the operation meets no atom of the same kind.
    case missingImage(atom: Int, label: String, operation: String, spaceGroup: String, tolerance: Double)
    /// The cell lacks copies of this atom that the translations of the group make.
    case incompleteOrbit(label: String, atoms: Int, expected: Double, spaceGroup: String)
    case noAtoms
    /// The symmetry could not be enforced to begin with.
    case symmetry(SymmetryFinderError)

    /// What went wrong, where, and what to do: the parts of the one line.
    public var explanation: Explanation {
        switch self {
        case .missingImage(let atom, let label, let operation, let spaceGroup, let tolerance):
            Explanation(
                "atom \(atom + 1) (\(label)) has no image under \(operation) of \(spaceGroup) within "
                    + "\(tolerance) Å", remedy: "symmetrize the structure first or raise the tolerance")
        case .incompleteOrbit(let label, let atoms, let expected, let spaceGroup):
            Explanation(
                "the orbit of \(label) has \(atoms) atoms where \(spaceGroup) makes \(expected) in "
                    + "this cell", remedy: "symmetrize the structure first")
        case .noAtoms:
            Explanation("the structure has no atoms")
        case .symmetry(let error):
            error.explanation
        }
    }
}

extension ReducedStructure {
    /// Reduces a structure that has the symmetry of `spaceGroup`, in that setting, within `tolerance` (Å).
    ///
    /// The order of the atoms and their labels are kept: `expanded()` returns them as they came. Of the structure
    /// only what breaks the symmetry is lost: an orbit's coordinates and displacement are the mean over its atoms.
    public init(
        reducing structure: CrystalStructure, in spaceGroup: SpaceGroup, tolerance: Double = 1e-3,
        representative: OrbitRepresentative = .firstAtom
    ) throws(ReductionError) {
        guard !structure.sites.isEmpty else { throw .noAtoms }
        let latticeParameters = LatticeParameters(of: structure.lattice, in: spaceGroup)
        let lattice = latticeParameters.lattice
        var images = [AtomImage?](repeating: nil, count: structure.sites.count)
        var orbits: [Orbit] = []
        for first in structure.sites.indices where images[first] == nil {
            let free = structure.sites.indices.filter {
                images[$0] == nil && structure.sites[$0].occupants == structure.sites[first].occupants
            }
            let (members, stabilizer) = try Self.members(
                of: first, among: free, in: structure, spaceGroup: spaceGroup, lattice: lattice,
                tolerance: tolerance)
            let orbit = try Self.orbit(
                of: members, stabilizer: stabilizer, in: structure, spaceGroup: spaceGroup,
                lattice: lattice, tolerance: tolerance)
            let chosen = representative == .firstAtom ? nil : orbit.onFirstTriplet(of: spaceGroup)
            let back = chosen?.operation.inverse ?? .identity
            for (member, image) in zip(members, orbit.images) {
                images[member.atom] = AtomImage(
                    orbit: orbits.count, operation: image.combined(with: back),
                    label: structure.sites[member.atom].keptLabel)
            }
            orbits.append(chosen?.orbit ?? orbit)
        }
        Self.makeLabelsUnique(&orbits)
        self.init(
            title: structure.title, spaceGroup: spaceGroup, latticeParameters: latticeParameters,
            orbits: orbits,
            atoms: images.compactMap { $0 })
    }

    /// From one site of each orbit, as a CIF's list of atoms; the cell's atoms follow in the order of the orbits.
    public init(
        title: String = "", spaceGroup: SpaceGroup, lattice: Lattice, asymmetricSites: [Site],
        tolerance: Double = 1e-2
    ) {
        let latticeParameters = LatticeParameters(of: lattice, in: spaceGroup)
        var orbits: [Orbit] = []
        var atoms: [AtomImage] = []
        for site in asymmetricSites {
            let orbit = Orbit(
                site: site, spaceGroup: spaceGroup, lattice: latticeParameters.lattice, tolerance: tolerance)
            atoms += orbit.images.map { AtomImage(orbit: orbits.count, operation: $0) }
            orbits.append(orbit)
        }
        Self.makeLabelsUnique(&orbits)
        self.init(
            title: title, spaceGroup: spaceGroup, latticeParameters: latticeParameters, orbits: orbits,
            atoms: atoms)
    }

    /// From whole orbits, whatever their coordinates are: atoms of one orbit may meet, none is lost. Labels go by element, as
    /// `O1`, `O2`.
    package init(title: String, spaceGroup: SpaceGroup, lattice: Lattice, orbits: [Orbit]) {
        var named = orbits
        for index in named.indices { named[index].label = "" }
        Self.makeLabelsUnique(&named)
        self.init(
            title: title, spaceGroup: spaceGroup,
            latticeParameters: LatticeParameters(of: lattice, in: spaceGroup), orbits: named,
            atoms: named.indices.flatMap { orbit in
                named[orbit].images.map { AtomImage(orbit: orbit, operation: $0) }
            })
    }

    struct Member {
        let atom: Int
        /// Carries the representative's position on this atom's, lattice translation included.
        let operation: SymmetryOperation
    }

    /// Å; atoms that are nearer to each other stand on one place.
    private static let rounding = 1e-6

    /// The atoms that the operations make of one atom, that atom first, and the operations that leave it in place.
    ///
    /// - Parameter free: the atoms of its kind that no orbit has yet: of several on one place each belongs to one.
    private static func members(
        of first: Int, among free: [Int], in structure: CrystalStructure, spaceGroup: SpaceGroup,
        lattice: Lattice, tolerance: Double
    ) throws(ReductionError) -> (members: [Member], stabilizer: [SymmetryOperation]) {
        let origin = structure.sites[first]
        var members: [Member] = []
        var stabilizer: [SymmetryOperation] = []
        for operation in spaceGroup.operations {
            let image = operation.apply(to: origin.position)
            let distances = free.map { atom in
                lattice.length((structure.sites[atom].position - image).nearestImage)
            }
            let least = distances.min() ?? .infinity
            guard least <= tolerance,
                // Of several on one place always the same, whatever rounding makes of their distances.
                let nearest = distances.firstIndex(where: { $0 <= least + Self.rounding })
            else {
                throw .missingImage(
                    atom: first, label: origin.label, operation: operation.xyz, spaceGroup: spaceGroup.symbol,
                    tolerance: tolerance)
            }
            let atom = free[nearest]
            let cellShift = (structure.sites[atom].position - image).rounded(.toNearestOrEven)
            var carried = operation
            carried.translation &+= SIMD3<Int>(cellShift) &* SymmetryOperation.denominator
            if atom == first { stabilizer.append(carried) }
            if !members.contains(where: { $0.atom == atom }) {
                members.append(Member(atom: atom, operation: carried))
            }
        }
        return (members, stabilizer)
    }

    /// - Parameter stabilizer: the operations that leave the first member in place, exactly or not.
    private static func orbit(
        of members: [Member], stabilizer: [SymmetryOperation], in structure: CrystalStructure,
        spaceGroup: SpaceGroup, lattice: Lattice, tolerance: Double
    ) throws(ReductionError) -> Orbit {
        let site = structure.sites[members[0].atom]
        // The mean, over the orbit, of every atom carried back to the representative.
        var mean = SIMD3<Double>.zero
        var displacements: [Displacement] = []
        for member in members {
            guard let inverse = member.operation.inverse else { continue }
            mean += (inverse.apply(to: structure.sites[member.atom].position) - site.position).nearestImage
            if let displacement = structure.sites[member.atom].displacement?.moved(by: inverse) {
                displacements.append(displacement)
            }
        }
        let position = site.position + mean / Double(members.count)
        var symmetry = SiteSymmetry(
            of: position, in: spaceGroup.operations, lattice: lattice, tolerance: tolerance)
        if symmetry.order * members.count != spaceGroup.order {
            // Atoms that an operation exchanges may stand within the tolerance of where it would leave one in place.
            guard stabilizer.count * members.count == spaceGroup.order else {
                throw .incompleteOrbit(
                    label: site.name, atoms: members.count,
                    expected: Double(spaceGroup.order / stabilizer.count), spaceGroup: spaceGroup.symbol)
            }
            symmetry = SiteSymmetry(stabilizer: stabilizer)
        }
        return Orbit(
            label: site.label, occupants: site.occupants, siteSymmetry: symmetry,
            coordinates: symmetry.parameters(of: position),
            displacement: Displacement.mean(displacements)?.averaged(over: symmetry),
            letter: spaceGroup.letter(of: symmetry), images: members.map(\.operation))
    }

    /// `O1`, `O2`, … by element where labels are missing or repeated; the file's labels otherwise.
    static func makeLabelsUnique(_ orbits: inout [Orbit]) {
        let labels = orbits.map(\.label)
        guard labels.contains("") || Set(labels).count < labels.count else { return }
        var count: [String: Int] = [:]
        for index in orbits.indices {
            let symbol = orbits[index].occupants.first?.species.element.symbol ?? "X"
            count[symbol, default: 0] += 1
            orbits[index].label = "\(symbol)\(count[symbol, default: 1])"
        }
    }
}

extension Orbit {
    /// The orbit of a site under a space group; a site closer than `tolerance` (Å) to a special position is put
    /// on it.
    package init(site: Site, spaceGroup: SpaceGroup, lattice: Lattice, tolerance: Double) {
        let symmetry = SiteSymmetry(
            of: site.position, in: spaceGroup.operations, lattice: lattice, tolerance: tolerance)
        let position = symmetry.idealized(site.position)
        var images: [SymmetryOperation] = []
        var points: [SIMD3<Double>] = []
        for operation in spaceGroup.operations {
            let image = operation.apply(to: position)
            guard !points.contains(where: { lattice.length(($0 - image).nearestImage) < 1e-4 }) else {
                continue
            }
            var inCell = operation
            inCell.translation &+=
                SIMD3<Int>(-(image + 1e-9).rounded(.down)) &* SymmetryOperation.denominator
            points.append(image)
            images.append(operation == .identity ? operation : inCell)
        }
        self.init(
            label: site.label, occupants: site.occupants, siteSymmetry: symmetry,
            coordinates: symmetry.parameters(of: position),
            displacement: site.displacement?.averaged(over: symmetry),
            letter: spaceGroup.letter(of: symmetry), images: images)
    }
}

extension Site {
    /// What an atom keeps beside its orbit's label.
    var keptLabel: String? { label.isEmpty ? nil : label }
}
