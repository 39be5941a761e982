import Crystallography
import NumericalMethods
import Parameterization

/// Tells whether atoms of a trial stand too close, as a share of the sum of their covalent radii.
struct ContactCheck {
    private let structure: ReducedStructure
    private let lattice: Lattice
    private let radii: [Double]
    private let share: Double

    init(_ structure: ReducedStructure, share: Double) {
        self.structure = structure
        self.share = share
        lattice = structure.lattice
        radii = structure.orbits.map { orbit in
            orbit.occupants.first?.species.element.covalentRadius ?? 1.4
        }
    }

    /// The first of 40 draws without a clash, else the last draw.
    func separated(_ random: inout RandomStream, draw: (inout RandomStream) -> [Double]) -> [Double] {
        var trial = draw(&random)
        for _ in 0..<40 where clashes(trial) { trial = draw(&random) }
        return trial
    }

    private func clashes(_ u: [Double]) -> Bool {
        var trial = structure
        trial.parameterVector = structure.latticeParameters.values + u
        let positions = trial.orbits.map(\.position)
        let atoms = trial.atoms.map { ($0.orbit, $0.operation.apply(to: positions[$0.orbit])) }
        for (orbit, position) in positions.enumerated() {
            var itself = true
            for (other, point) in atoms {
                let difference = (point - position).nearestImage
                if other == orbit, itself, lattice.length(difference) < 1e-6 {
                    itself = false
                    continue
                }
                if lattice.length(difference) < share * (radii[orbit] + radii[other]) { return true }
            }
        }
        return false
    }
}
