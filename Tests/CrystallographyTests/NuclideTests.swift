import Crystallography
import Testing

@Suite("Nuclide") struct NuclideTests {
    @Test("the mass of a nuclide is its mass number within a tenth of a unit, for every one in the table")
    func massNumbers() {
        var count = 0
        for number in 1...118 {
            guard let element = Element(atomicNumber: number) else { continue }
            for massNumber in 1...300 {
                guard let nuclide = Nuclide(element, massNumber: massNumber) else { continue }
                count += 1
                #expect(abs(nuclide.mass - Double(massNumber)) < 0.11, "\(element.symbol)-\(massNumber)")
                #expect(massNumber >= number)
            }
        }
        #expect(count > 280, "the nuclides that occur in nature are some 290")
    }

    @Test("deuterium weighs 2.0141 u, and a hydrogen of mass 40 is not there")
    func hydrogen() throws {
        let hydrogen = try #require(Element(symbol: "H"))
        let deuterium = try #require(Nuclide(hydrogen, massNumber: 2))
        #expect(abs(deuterium.mass - 2.01410178) < 1e-7)
        #expect(Nuclide(hydrogen, massNumber: 40) == nil)
    }
}
