import Crystallography
import Foundation
import Testing

@Suite("Sentences of contacts") struct ContactTests {
    @Test("Contact.sentence names atoms from 1, the distance, and its share of the sum of the radii")
    func sentence() throws {
        let (sodium, chlorine) = (try #require(Element(symbol: "Na")), try #require(Element(symbol: "Cl")))
        let crystal = CrystalStructure(
            lattice: Lattice(a: 4, b: 5, c: 6, alpha: 90, beta: 90, gamma: 90),
            sites: [
                Site(sodium, at: .zero, label: "Na1"), Site(chlorine, at: SIMD3(0.25, 0, 0), label: "Cl1"),
            ])
        let contact = try #require(Contacts(crystal).closest)
        #expect(abs(contact.distance - 1) < 1e-12)
        let sum = try #require(sodium.covalentRadius) + #require(chlorine.covalentRadius)
        #expect(abs(contact.share - 1 / sum) < 1e-12)
        let percent = String(format: "%.0f", 100 / sum)
        let text =
            "Na1 (atom 1) and Cl1 (atom 2) stand at 1.000 Å, \(percent) % of the sum of their covalent radii"
        #expect(contact.sentence(in: crystal) == text)
    }
}
