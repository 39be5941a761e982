import Crystallography
import Diffraction
import NumericalMethods
import Symmetry
import Testing

@Suite("Integrated intensities of single moves") struct IntegratedIntensitiesTests {
    @Test("equal the full sum after moves and retreats", arguments: [1, 6, 292, 460, 523])
    func moves(hallNumber: Int) throws {
        var random = RandomStream(seed: 5, index: UInt64(hallNumber))
        let structure = try #require(RandomModels.structure(hallNumber: hallNumber, random: &random))
        let orbits = try structure.orbits.map {
            try ScatteringOrbit($0, radiation: Radiation(wavelength: 1.5406))
        }
        let operations = structure.spaceGroup.operations
        let metric = structure.lattice.reciprocalMetric
        let moving = try IntegratedIntensities(
            orbits: orbits, operations: operations, reciprocalMetric: metric, limit: 0.09)
        let whole = try StructureFactors(
            orbits: orbits, operations: operations, reflections: moving.reflections, reciprocalMetric: metric)
        for step in 0..<200 {
            let orbit = random.index(below: orbits.count)
            let site = structure.orbits[orbit].siteSymmetry
            let target = site.position(structure.orbits[orbit].coordinates.map { _ in random.uniform() })
            moving.move(orbit, to: target)
            if step % 3 == 0 { moving.revert() }
        }
        for (index, position) in moving.positions.enumerated() { whole.setPosition(position, of: index) }
        let expected = Array(whole.intensities)
        let largest = expected.max() ?? 0
        for (value, reference) in zip(moving.values, expected) {
            #expect(abs(value - reference) <= 1e-10 * largest)
        }
    }
}
