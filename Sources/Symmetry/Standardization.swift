import Crystallography
import NumericalMethods

/// A structure with its symmetry enforced exactly, and what that cost.
public struct StandardizedStructure: Sendable {
    /// The structure in the standard setting, its symmetry enforced.
    public let structure: CrystalStructure
    /// The group in the setting that `transformation` leads to.
    public let spaceGroup: SpaceGroup
    /// The tabulated setting of `structure` itself; nil where its cell or origin is in no table (a supercell, a
    /// primitive cell).
    public let setting: SpaceGroup?
    /// The input's atom that each atom comes from.
    public let sources: [Int]
    /// x_out = transformation · x_in + originShift, the distortion left out.
    public let transformation: Matrix3
    /// Of the input's origin, fractional.
    public let originShift: SIMD3<Double>
    /// The largest distance (Å) that an atom was moved at fixed lattice; a common shift of all is none.
    public let maxDisplacement: Double
    /// How far the atoms were moved, Å, root mean square.
    public let rmsDisplacement: Double
    /// The largest principal strain of the lattice, |stretch − 1|.
    public let strain: Double
}

/// The cell that an enforced structure is given in.
public enum StandardCell: Sendable, Hashable {
    /// The input's cell, origin, orientation, order of atoms and labels.
    case keep
    /// The cell of the setting found, axes along x and in the xy plane.
    case standard
    /// The cell of another setting of the same group, by Hall number.
    case setting(hallNumber: Int)
    /// The primitive cell of the setting found.
    case primitive
}

extension SymmetryFinder {
    /// Enforces the symmetry found: atoms go to the mean of their images under the group, the metric to its
    /// invariant mean.
    ///
    /// - `structure`: the one that `found` was found in.
    /// - `found`: from `find` or a rung of `ladder`.
    public static func standardize(
        _ structure: CrystalStructure, _ found: FoundSymmetry, cell: StandardCell = .standard
    ) throws(SymmetryFinderError) -> StandardizedStructure {
        switch cell {
        case .keep: kept(structure, found)
        case .standard: conventional(structure, found)
        case .primitive: primitive(structure, found)
        case .setting(let hallNumber): try setting(hallNumber, structure, found)
        }
    }

    private static func kept(_ structure: CrystalStructure, _ found: FoundSymmetry) -> StandardizedStructure {
        var result = structure
        let change = found.transformation
        result.lattice = Lattice(vectors: change.transpose * found.idealLattice.vectors)
        let inverse = change.inverse
        let displacements = found.averagedDisplacements(of: structure, lattice: result.lattice)
        for index in structure.sites.indices {
            result.sites[index].position = inverse * (found.idealPositions[index] - found.originShift)
            result.sites[index].displacement = displacements[index]
        }
        return StandardizedStructure(
            structure: result, found: found, setting: found.settingOfInput,
            sources: Array(structure.sites.indices),
            transformation: .identity, originShift: .zero, strain: found.strain(of: structure.lattice))
    }

    private static func conventional(
        _ structure: CrystalStructure, _ found: FoundSymmetry
    ) -> StandardizedStructure {
        let lattice = Lattice(metric: found.idealLattice.metric)
        let displacements = found.averagedDisplacements(of: structure, lattice: structure.lattice)
        var sites: [Site] = []
        var sources: [Int] = []
        func add(_ atom: Int, at position: SIMD3<Double>) {
            var site = structure.sites[atom]
            site.position = position.wrappedClean
            site.displacement = displacements[atom]?.onNewAxes(
                found.transformation, from: structure.lattice, to: lattice)
            sites.append(site)
            sources.append(atom)
        }
        if abs(abs(found.transformation.determinant) - 1) < 1e-9, found.isOneToOne {
            for atom in structure.sites.indices { add(atom, at: found.idealPositions[atom]) }
        } else {
            for atom in found.firstAtomsByOrbit {
                for vector in found.spaceGroup.centring.vectors {
                    add(atom, at: found.idealPositions[atom] + SIMD3<Double>(vector) / 24)
                }
            }
        }
        let result = CrystalStructure(title: structure.title, lattice: lattice, sites: sites)
        return StandardizedStructure(
            structure: result, found: found, setting: found.spaceGroup, sources: sources,
            transformation: found.transformation, originShift: found.originShift,
            strain: found.strain(of: structure.lattice))
    }

    private static func primitive(
        _ structure: CrystalStructure, _ found: FoundSymmetry
    ) -> StandardizedStructure {
        // Columns: the primitive vectors on the conventional ones.
        let basis = found.spaceGroup.centring.primitiveBasis
        let toPrimitive = basis.inverse
        let conventional = Lattice(metric: found.idealLattice.metric)
        let lattice = Lattice(vectors: basis.transpose * conventional.vectors)
        let atoms = found.firstAtomsByOrbit
        let displacements = found.averagedDisplacements(of: structure, lattice: structure.lattice)
        let sites = atoms.map { atom in
            var site = structure.sites[atom]
            site.position = (toPrimitive * found.idealPositions[atom]).wrappedClean
            site.displacement = displacements[atom]?.onNewAxes(
                toPrimitive * found.transformation, from: structure.lattice, to: lattice)
            return site
        }
        let isConventional = found.spaceGroup.centring == .P
        return StandardizedStructure(
            structure: CrystalStructure(title: structure.title, lattice: lattice, sites: sites), found: found,
            setting: isConventional ? found.spaceGroup : nil, sources: atoms,
            transformation: toPrimitive * found.transformation, originShift: toPrimitive * found.originShift,
            strain: found.strain(of: structure.lattice))
    }

    private static func setting(
        _ hallNumber: Int, _ structure: CrystalStructure, _ found: FoundSymmetry
    ) throws(SymmetryFinderError) -> StandardizedStructure {
        if hallNumber == found.spaceGroup.hallNumber { return conventional(structure, found) }
        let first = conventional(structure, found)
        if let group = SpaceGroup(hallNumber: hallNumber), let shift = found.spaceGroup.originShift(to: group)
        {
            return first.shifted(by: shift, to: group)
        }
        // The enforced structure has the group exactly, so that any small tolerance finds the way.
        let again = try find(in: first.structure, tolerance: 1e-4, hallNumber: hallNumber)
        let second = conventional(first.structure, again)
        return StandardizedStructure(
            structure: second.structure, spaceGroup: again.spaceGroup, setting: again.spaceGroup,
            sources: second.sources.map { first.sources[$0] },
            transformation: again.transformation * found.transformation,
            originShift: again.transformation * found.originShift + again.originShift,
            maxDisplacement: first.maxDisplacement, rmsDisplacement: first.rmsDisplacement,
            strain: first.strain)
    }
}

extension SpaceGroup {
    /// p where x' = x + p leads from this setting to another of the same axes, both origins choices of the tables; they
    /// lie multiples of 1/8 apart.
    fileprivate func originShift(to other: SpaceGroup) -> SIMD3<Int>? {
        guard number == other.number, order == other.order else { return nil }
        let wanted = Set(other.operations)
        let step = SymmetryOperation.denominator / 8
        for index in 0..<512 {
            let shift = SIMD3(index % 8, index / 8 % 8, index / 64) &* step
            let leads = operations.allSatisfy { operation in
                let moved = operation.translation &+ shift &- operation.rotation * shift
                return wanted.contains(
                    SymmetryOperation(rotation: operation.rotation, translation: moved).wrapped)
            }
            if leads { return shift }
        }
        return nil
    }
}

extension StandardizedStructure {
    fileprivate func shifted(by shift: SIMD3<Int>, to group: SpaceGroup) -> StandardizedStructure {
        let vector = SIMD3<Double>(shift) / Double(SymmetryOperation.denominator)
        var moved = structure
        for index in moved.sites.indices {
            moved.sites[index].position = (moved.sites[index].position + vector).wrappedClean
        }
        return StandardizedStructure(
            structure: moved, spaceGroup: group, setting: group, sources: sources,
            transformation: transformation, originShift: originShift + vector,
            maxDisplacement: maxDisplacement, rmsDisplacement: rmsDisplacement, strain: strain)
    }

    fileprivate init(
        structure: CrystalStructure, found: FoundSymmetry, setting: SpaceGroup?, sources: [Int],
        transformation: Matrix3, originShift: SIMD3<Double>, strain: Double
    ) {
        self.structure = structure
        spaceGroup = found.spaceGroup
        self.setting = setting
        self.sources = sources
        self.transformation = transformation
        self.originShift = originShift
        maxDisplacement = found.maxDisplacement
        rmsDisplacement = found.rmsDisplacement
        self.strain = strain
    }
}

extension FoundSymmetry {
    /// The input's cell holds one atom for each point of the setting's cell.
    fileprivate var isOneToOne: Bool {
        guard copies == spaceGroup.centring.vectors.count else { return false }
        var members: [Int: [SIMD3<Double>]] = [:]
        for (position, number) in zip(idealPositions, translationClasses) {
            let others = members[number] ?? []
            guard others.allSatisfy({ (position - $0).nearestImage.length > 1e-6 }) else { return false }
            members[number, default: []].append(position)
        }
        return true
    }

    /// One atom of each translation class, orbit by orbit.
    fileprivate var firstAtomsByOrbit: [Int] {
        var seen = Set<Int>()
        let firsts = translationClasses.indices.filter { seen.insert(translationClasses[$0]).inserted }
        return firsts.sorted { (orbits[$0], $0) < (orbits[$1], $1) }
    }
}

extension Displacement {
    /// The same tensor after x′ = P x: U_ij a*ᵢ a*ⱼ are its components on the lattice vectors.
    func onNewAxes(_ change: Matrix3, from old: Lattice, to new: Lattice) -> Displacement {
        guard case .anisotropic(let u) = self else { return self }
        let before = Matrix3(diagonal: old.reciprocal.lengths)
        let after = Matrix3(diagonal: 1 / new.reciprocal.lengths)
        let moved = change * before * u * before * change.transpose
        return .anisotropic(u: after * moved * after)
    }
}
