import Crystallography
import NumericalMethods
import Parameterization

extension EnergyEvaluation {
    /// ∂E/∂p for each of `reduced.parameters`, in eV per unit of the parameter and per cell of `reduced`.
    ///
    /// The evaluation must be that of `reduced.expanded()`. Coordinates: −Σ F_j · Lᵀ R_j A. Lattice, at fixed
    /// fractional coordinates: dG = 2 L ε Lᵀ gives the strain ε of a change of the metric, and dE = V σ : ε.
    public func gradient(in reduced: ReducedStructure) -> [Double] {
        let lattice = reduced.expandedLattice
        let inverse = lattice.vectors.inverse
        let scale = lattice.volume / EnergyEvaluation.gigapascal
        let latticePart = reduced.metricDerivatives.map { derivative in
            let strain = 0.5 * (inverse * derivative * inverse.transpose)
            return scale
                * (stress.rows.0.dot(strain.rows.0) + stress.rows.1.dot(strain.rows.1)
                    + stress.rows.2.dot(strain.rows.2))
        }
        let coordinatePart = reduced.positionDerivatives.map { moves in
            zip(moves, forces).reduce(0) { $0 - lattice.cartesian($1.0).dot($1.1) }
        }
        return latticePart + coordinatePart
    }
}
