import Diffraction
import Parameterization

/// What a phase's texture by harmonics of its Laue class begins with.
package enum TextureStart: Sendable, Hashable {
    /// A random powder, harmonics up to an even order to be refined.
    case order(Int)
    /// C by name; those that are not named are 0.
    case named([String: Double])

    /// - Throws: where the Laue class has no such harmonic up to the order that is named.
    package func texture(of structure: ReducedStructure) throws -> HarmonicTexture {
        switch self {
        case .order(let order):
            return HarmonicTexture(structure, order: order)
        case .named(let given):
            let orders = given.keys.compactMap { name in
                name.hasPrefix("C") ? Int(name.dropFirst().prefix { $0.isNumber }) : nil
            }
            var result = HarmonicTexture(structure, order: orders.max() ?? 2)
            for name in given.keys.sorted() where !result.names.contains(name) {
                throw PatternError.unknownHarmonic(
                    name, group: structure.spaceGroup.symbol, known: result.names)
            }
            for (k, name) in result.names.enumerated() { result.values[k] = given[name] ?? 0 }
            return result
        }
    }
}
