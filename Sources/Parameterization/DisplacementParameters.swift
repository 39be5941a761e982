import Crystallography
import NumericalMethods
import Symmetry

extension ReducedStructure {
    /// What each orbit's displacement leaves free, in the order of the orbits: `O1.B` where it is isotropic; where it
    /// is anisotropic, the components U_ij of the representative that its site's symmetry allows, `O1.U11` ….
    /// Orbits that state no displacement have none.
    public var displacementParameters: [Parameter] {
        orbits.flatMap { orbit -> [Parameter] in
            switch orbit.displacement {
            case nil: return []
            case .isotropic(let b):
                return [
                    Parameter(
                        name: "\(orbit.label).B", value: b, kind: .isotropicDisplacement, bounds: -5...25,
                        formula: "B")
                ]
            case .anisotropic(let u):
                let constraint = orbit.displacementConstraint
                return constraint.components.map { component in
                    Parameter(
                        name: "\(orbit.label).\(component.name)", value: u[component.row, component.column],
                        kind: .anisotropicDisplacement, bounds: -0.1...0.5, formula: constraint.formula,
                        scale: 0.01)
                }
            }
        }
    }

    /// The values of `displacementParameters`. What is set obeys the sites' symmetry, whatever was there before.
    package var displacementVector: [Double] {
        get { displacementParameters.map(\.value) }
        set {
            var rest = newValue[...]
            for index in orbits.indices {
                switch orbits[index].displacement {
                case nil: continue
                case .isotropic:
                    if let value = rest.popFirst() { orbits[index].displacement = .isotropic(b: value) }
                case .anisotropic:
                    var tensor = Matrix3.zero
                    for component in orbits[index].displacementConstraint.components {
                        tensor = tensor + (rest.popFirst() ?? 0) * component.derivative
                    }
                    orbits[index].displacement = .anisotropic(u: tensor)
                }
            }
        }
    }

    /// ∂U/∂(free component) for every atom of `expanded()`, exact; zero for isotropic parameters and for atoms of
    /// other orbits. The outer array follows `displacementParameters`, the inner one `atoms`.
    package var displacementDerivatives: [[Matrix3]] {
        let (setting, own) = (lattice, expandedLattice)
        var result: [[Matrix3]] = []
        for (index, orbit) in orbits.enumerated() {
            switch orbit.displacement {
            case nil: continue
            case .isotropic: result.append([Matrix3](repeating: .zero, count: atoms.count))
            case .anisotropic:
                for component in orbit.displacementConstraint.components {
                    result.append(
                        atoms.map { atom in
                            guard atom.orbit == index else { return .zero }
                            var moved = Displacement.anisotropic(u: component.derivative)
                                .moved(by: atom.operation)
                            if let cell {
                                moved = moved.transformed(by: cell.inverse, from: setting, to: own)
                            }
                            if case .anisotropic(let u) = moved { return u }
                            return .zero
                        })
                }
            }
        }
        return result
    }
}

extension Orbit {
    /// Which displacement tensors the representative's site allows.
    package var displacementConstraint: DisplacementConstraint { DisplacementConstraint(siteSymmetry) }
}
