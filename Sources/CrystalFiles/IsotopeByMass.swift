import Crystallography

/// Nuclides by the masses of atoms, by which ASE tells deuterium from hydrogen.
extension Species {
    /// u; masses of nuclides are written with three decimals or more.
    private static let massRounding = 0.002
    /// u, from the standard atomic mass, whose tables differ by less.
    private static let massDifference = 0.02

    /// - Parameter mass: u. The natural mixture's, and one that no nuclide has (a mass that was chosen to speed dynamics up), name none.
    init(_ element: Element, mass: Double) {
        self.init(element)
        guard mass.isFinite, abs(mass - element.mass) > Self.massDifference, (1...300).contains(mass),
            let nuclide = Nuclide(element, massNumber: Int(mass.rounded())),
            abs(nuclide.mass - mass) < Self.massRounding
        else { return }
        massNumber = nuclide.massNumber
    }
}
