import Crystallography
import NumericalMethods
import Symmetry

extension ReducedStructure {
    /// Reduces a structure in its own cell, whatever that is: a supercell, primitive, sheared, turned, about any
    /// origin. `expanded()` gives the enforced structure back in that cell, in its order.
    ///
    /// Where the cell and origin are those of a tabulated setting, the parameters are that setting's; else they are
    /// those of `found.spaceGroup`'s setting, the conventional cell.
    ///
    /// - `structure`: the one that `found` was found in.
    /// - `found`: what is enforced.
    public init(
        reducing structure: CrystalStructure, _ found: FoundSymmetry,
        representative: OrbitRepresentative = .firstAtom
    ) throws(ReductionError) {
        let kept: StandardizedStructure
        do {
            kept = try SymmetryFinder.standardize(structure, found, cell: .keep)
        } catch {
            throw .symmetry(error)
        }
        let cell =
            kept.setting == nil
            ? UnconventionalCell(of: found)
            : UnconventionalCell(
                matrix: .identity, orientation: UnconventionalCell.turn(of: kept.structure.lattice))
        try self.init(
            reducing: kept.structure, in: kept.setting ?? found.spaceGroup, cell: cell,
            representative: representative)
    }

    /// Reduces a structure that has the symmetry of `spaceGroup` within `tolerance` (Å), given in a cell from which
    /// the way to the group's setting is known. No search: what `expanded()` gave goes through again unchanged.
    package init(
        reducing structure: CrystalStructure, in spaceGroup: SpaceGroup, cell: UnconventionalCell,
        tolerance: Double = 1e-3, representative: OrbitRepresentative = .firstAtom
    ) throws(ReductionError) {
        guard !structure.sites.isEmpty else { throw .noAtoms }
        let latticeParameters = LatticeParameters(
            of: cell.settingLattice(of: structure.lattice), in: spaceGroup)
        let lattice = latticeParameters.lattice
        let own = cell.lattice(of: lattice)
        var inSetting = structure
        inSetting.lattice = lattice
        for index in structure.sites.indices {
            inSetting.sites[index].position = cell.toSetting(structure.sites[index].position)
            inSetting.sites[index].displacement = structure.sites[index].displacement?
                .transformed(by: cell.matrix, from: own, to: lattice)
        }
        let search = MembersInCell(
            structure: inSetting, spaceGroup: spaceGroup, cell: cell, lattice: lattice, tolerance: tolerance)
        var images = [AtomImage?](repeating: nil, count: structure.sites.count)
        var orbits: [Orbit] = []
        for first in structure.sites.indices where images[first] == nil {
            let members = try search.members(of: first)
            let site = search.meanSite(of: members)
            let orbit = Orbit(site: site, spaceGroup: spaceGroup, lattice: lattice, tolerance: tolerance)
            let expected = Double(orbit.multiplicity) * cell.volumeRatio
            guard abs(Double(members.count) - expected) < 1e-6 else {
                throw .incompleteOrbit(
                    label: site.name, atoms: members.count, expected: expected, spaceGroup: spaceGroup.symbol)
            }
            let chosen = representative == .firstAtom ? nil : orbit.onFirstTriplet(of: spaceGroup)
            let back = chosen?.operation.inverse ?? .identity
            for member in members {
                images[member.atom] = AtomImage(
                    orbit: orbits.count, operation: member.operation.combined(with: back),
                    label: structure.sites[member.atom].keptLabel)
            }
            orbits.append(chosen?.orbit ?? orbit)
        }
        Self.makeLabelsUnique(&orbits)
        self.init(
            title: structure.title, spaceGroup: spaceGroup, latticeParameters: latticeParameters,
            orbits: orbits, atoms: images.compactMap { $0 }, cell: cell)
    }
}

/// The orbits of a structure whose cell is not the setting's.
private struct MembersInCell {
    /// Positions and displacements on the setting's axes.
    let structure: CrystalStructure
    let spaceGroup: SpaceGroup
    let cell: UnconventionalCell
    let lattice: Lattice
    let tolerance: Double

    /// The atoms of the cell that belong to one atom's orbit, that atom first, each with the operation that carries
    /// it there.
    func members(of first: Int) throws(ReductionError) -> [ReducedStructure.Member] {
        let origin = structure.sites[first]
        let candidates = structure.sites.indices.filter { structure.sites[$0].occupants == origin.occupants }
        var members: [ReducedStructure.Member] = []
        var isMember = [Bool](repeating: false, count: structure.sites.count)
        for operation in spaceGroup.operations {
            let image = operation.apply(to: origin.position)
            var isMet = false
            for atom in candidates {
                let difference = structure.sites[atom].position - image
                let shift = difference.rounded(.toNearestOrEven)
                if !isMember[atom], lattice.length(difference - shift) <= tolerance {
                    var carried = operation
                    carried.translation &+= SIMD3<Int>(shift) &* SymmetryOperation.denominator
                    members.append(ReducedStructure.Member(atom: atom, operation: carried))
                    isMember[atom] = true
                }
                // Up to the cell's own translations, which need not be the setting's.
                let own = (cell.inverse * difference).nearestImage
                isMet = isMet || lattice.length(cell.matrix * own) <= tolerance
            }
            guard isMet else {
                throw .missingImage(
                    atom: first, label: origin.label, operation: operation.xyz, spaceGroup: spaceGroup.symbol,
                    tolerance: tolerance)
            }
        }
        return members
    }

    /// The first atom, with coordinates and displacement the mean over the orbit.
    func meanSite(of members: [ReducedStructure.Member]) -> Site {
        var site = structure.sites[members[0].atom]
        var mean = SIMD3<Double>.zero
        var displacements: [Displacement] = []
        for member in members {
            guard let inverse = member.operation.inverse else { continue }
            let atom = structure.sites[member.atom]
            mean += inverse.apply(to: atom.position) - site.position
            if let displacement = atom.displacement?.moved(by: inverse) { displacements.append(displacement) }
        }
        site.position += mean / Double(members.count)
        site.displacement = Displacement.mean(displacements)
        return site
    }
}
