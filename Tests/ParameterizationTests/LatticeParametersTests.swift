import Crystallography
import NumericalMethods
import Parameterization
import Symmetry
import Testing

@Suite("Lattice parameters")
struct LatticeParametersTests {
    static let groups = (1...530).compactMap { SpaceGroup(hallNumber: $0) }

    /// A generic lattice of the group's own symmetry: a random metric averaged over the rotations.
    static func lattice(of group: SpaceGroup, seed: UInt64) -> Lattice {
        var random = RandomStream(seed: seed, index: UInt64(group.hallNumber))
        let generic = Lattice(
            a: random.uniform(4, 9), b: random.uniform(4, 9), c: random.uniform(4, 9),
            alpha: random.uniform(75, 105), beta: random.uniform(75, 105), gamma: random.uniform(75, 105))
        return Lattice(metric: InvariantMetric.average(generic.metric, over: group.operations))
    }

    @Test("free lattice parameters = metric degrees of freedom = 6/4/3/2/2/1, all 530 settings")
    func degreesOfFreedom() {
        #expect(Self.groups.count == 530)
        let expected: [CrystalFamily: Int] = [
            .triclinic: 6, .monoclinic: 4, .orthorhombic: 3, .tetragonal: 2, .hexagonal: 2, .cubic: 1,
        ]
        for group in Self.groups {
            let parameters = LatticeParameters(of: Self.lattice(of: group, seed: 1), in: group)
            #expect(parameters.names.count == expected[group.crystalFamily], "Hall \(group.hallNumber)")
            #expect(InvariantMetric.basis(of: group.operations).count == parameters.names.count)
            #expect(InvariantMetric.reciprocalBasis(of: group.operations).count == parameters.names.count)
        }
    }

    @Test("lattice → parameters → lattice keeps an invariant metric, all 530 settings")
    func roundTrip() {
        for group in Self.groups {
            let lattice = Self.lattice(of: group, seed: 2)
            let again = LatticeParameters(of: lattice, in: group).lattice
            #expect((again.metric - lattice.metric).frobeniusNorm < 1e-10 * lattice.metric.frobeniusNorm)
        }
    }

    @Test("averaged metrics satisfy RᵀGR = G, all 530 settings")
    func invariance() {
        for group in Self.groups {
            let metric = Self.lattice(of: group, seed: 3).metric
            for operation in group.operations {
                let r = Matrix3(operation.rotation)
                #expect((r.transpose * metric * r - metric).frobeniusNorm < 1e-9)
            }
        }
    }

    @Test("∂G/∂p agrees with central differences, one setting of each family")
    func metricDerivatives() {
        for hall in [2, 57, 120, 350, 436, 434, 490, 525] {
            guard let group = SpaceGroup(hallNumber: hall) else { continue }
            let parameters = LatticeParameters(of: Self.lattice(of: group, seed: 4), in: group)
            for (k, derivative) in parameters.metricDerivatives.enumerated() {
                let h = 1e-4
                var (up, down) = (parameters, parameters)
                up.values[k] += h
                down.values[k] -= h
                let difference = (0.5 / h) * (up.lattice.metric - down.lattice.metric)
                #expect((difference - derivative).frobeniusNorm < 1e-6 * max(1, derivative.frobeniusNorm))
            }
        }
    }
}
