import LearnedModels

/// A property model that the product knows: the name by which it is typed, and its weights.
public struct PropertyModel: Sendable, Hashable {
    /// As typed: `gap`, `formation-energy`.
    public let name: String
    /// What it predicts, in words.
    public let property: String
    /// The unit of its property.
    public let unit: String
    let nonMetalsOnly: Bool
    /// In the model store.
    package let weights: LearnedModel

    /// The models that `wyckoff models fetch` knows.
    public static let all: [PropertyModel] = [
        make("gap", "band gap", "eV", "band-gap", nonMetalsOnly: true),
        make("metal", "probability of being a metal", "", "metal"),
        make("formation-energy", "formation energy", "eV/atom", "formation-energy"),
        make("bulk-modulus", "log10 of the bulk modulus", "log10(GPa)", "bulk-modulus"),
        make("shear-modulus", "log10 of the shear modulus", "log10(GPa)", "shear-modulus"),
        make("poisson-ratio", "Poisson ratio", "", "poisson-ratio"),
        make("fermi-energy", "Fermi energy", "eV", "fermi-energy"),
        make("total-energy", "total energy", "eV/atom", "total-energy"),
    ].compactMap { $0 }

    private static func make(
        _ name: String, _ property: String, _ unit: String, _ file: String, nonMetalsOnly: Bool = false
    ) -> PropertyModel? {
        LearnedModel.propertyModels.first { $0.name == "cgcnn-" + file }.map {
            PropertyModel(
                name: name, property: property, unit: unit, nonMetalsOnly: nonMetalsOnly, weights: $0)
        }
    }

    /// - Throws: `PropertyModelError.unknownModel`.
    public static func named(_ name: String) throws(PropertyModelError) -> PropertyModel {
        guard let model = all.first(where: { $0.name == name }) else {
            throw .unknownModel(name, known: all.map(\.name))
        }
        return model
    }

    /// The network, read from the store.
    ///
    /// - Throws: `ModelStoreError.notInstalled`, or what is wrong with the file.
    package func load(from store: ModelStore = .standard) throws -> CGCNN {
        try CGCNN(store.checkpoint(weights), name: name, unit: unit, nonMetalsOnly: nonMetalsOnly)
    }
}

extension PropertyModel {
    /// The network with the weights that `wyckoff models fetch` installed.
    ///
    /// - Throws: an error of one line where they are not installed or damaged.
    public func load() throws -> CGCNN { try load(from: .standard) }
}
