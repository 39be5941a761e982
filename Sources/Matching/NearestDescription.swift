import Crystallography
import NumericalMethods
import Parameterization
import Symmetry

extension ReducedStructure {
    /// The same crystal described as `other` is: the equivalent origin, axes and representatives that lie nearest to
    /// those of a structure of the same group, setting and occupied positions.
    ///
    /// A search may end in any of the equivalent descriptions; a reader wants the one that they know. Returned as it
    /// is where the two do not correspond orbit by orbit.
    public func described(like other: ReducedStructure) -> ReducedStructure {
        described(like: other, MatchSettings.Description())
    }

    /// The same with settings of one's own.
    package func described(
        like other: ReducedStructure, _ settings: MatchSettings.Description
    ) -> ReducedStructure {
        // Only what maps the group's elements on themselves: of a far structure the best superposition of atoms would
        // shift the origin to a place that is none.
        let normalizer = Normalizer(of: spaceGroup, lattice: lattice)
        guard orbits.map(\.multiplicity).sorted() == other.orbits.map(\.multiplicity).sorted(),
            let description = EquivalentDescription.closest(
                expanded(), to: other.expanded(), allowing: normalizer.cosets, includingInversion: false,
                polarDirections: normalizer.continuousDirections, settings: settings)
        else { return self }
        var atomFor: [Int: Int] = [:]
        for (atom, partner) in description.partners.enumerated() { atomFor[partner] = atom }
        let positions = orbits.map(\.position)
        var result = other
        result.title = title
        result.latticeParameters = LatticeParameters(of: description.lattice, in: spaceGroup)
        let metric = result.lattice
        // Far from `other`, atoms of one orbit may lie nearest to those of several.
        var taken = Set<Int>()
        for (partner, image) in other.atoms.enumerated() {
            guard let atom = atomFor[partner], image.operation == other.firstImage(of: image.orbit) else {
                continue
            }
            let source = atoms[atom]
            guard taken.insert(source.orbit).inserted,
                orbits[source.orbit].multiplicity == other.orbits[image.orbit].multiplicity
            else { return self }
            let here = source.operation.apply(to: positions[source.orbit])
            let moved = description.operation.apply(to: here) + description.shift
            let there = image.operation.apply(to: other.orbits[image.orbit].position)
            guard let back = image.operation.inverse else { return self }
            let representative = back.apply(to: there + (moved - there).nearestImage)
            let site = other.orbits[image.orbit].siteSymmetry
            let ideal = site.idealized(representative)
            guard metric.length(ideal - representative) < settings.position else { return self }
            result.orbits[image.orbit].coordinates = site.parameters(of: ideal)
            result.orbits[image.orbit].displacement = orbits[source.orbit].displacement
        }
        // Every atom must have arrived, not the representatives alone.
        for (partner, image) in result.atoms.enumerated() {
            guard let atom = atomFor[partner] else { return self }
            let here = atoms[atom].operation.apply(to: positions[atoms[atom].orbit])
            let moved = description.operation.apply(to: here) + description.shift
            let there = image.operation.apply(to: result.orbits[image.orbit].position)
            guard metric.length((moved - there).nearestImage) < settings.arrival else { return self }
        }
        return result
    }

    private func firstImage(of orbit: Int) -> SymmetryOperation? {
        atoms.first { $0.orbit == orbit }?.operation
    }
}
