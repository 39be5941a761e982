import Diffraction
import Parameterization

/// What a phase's microstrain by the invariants of its Laue class begins with.
package enum MicrostrainStart: Sendable, Hashable {
    /// ε, the same in all directions, without unit.
    case isotropic(Double)
    /// S by name, 10⁻⁸ Å⁻⁴, and `zeta`, the Lorentzian share; those that are not named are 0, zeta is 1.
    case named([String: Double])

    /// - Throws: where the Laue class has no such invariant.
    package func microstrain(of structure: ReducedStructure) throws -> AnisotropicMicrostrain {
        switch self {
        case .isotropic(let strain):
            return AnisotropicMicrostrain(structure, strain: strain)
        case .named(let given):
            var result = AnisotropicMicrostrain(structure)
            let names = result.invariants.forms.map(\.name)
            for name in given.keys.sorted() where name != "zeta" && !names.contains(name) {
                throw PatternError.unknownInvariant(
                    name, group: structure.spaceGroup.symbol, known: names)
            }
            for (k, name) in names.enumerated() { result.values[k] = given[name] ?? 0 }
            result.lorentzianShare = given["zeta"] ?? 1
            return result
        }
    }
}
