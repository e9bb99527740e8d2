import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nameOfPdf, namesOfPdfs } from '../../actions/page/src/pdf-name';
import { pdfName } from '../../contract/names';

test.each(['a.jpg', 'a.JPEG', 'a.jpeg.jpg', 'a.png', '.jpg', 'a.jpg ', 'ä/ö.Jpg', 'jpg', ''])(
  'the page names the PDF of %j as the service does',
  (name) => expect(nameOfPdf(name)).toBe(pdfName(name)),
);

test('the page names the PDF of any photograph as the service does', () => {
  const name = fc.tuple(fc.string({ unit: 'grapheme' }), fc.constantFrom('', '.jpg', '.JPG', '.jpeg', '.pdf'));
  fc.assert(fc.property(name, (parts) => nameOfPdf(parts.join('')) === pdfName(parts.join(''))));
});

test('in one folder no two PDFs have one name, also where cases do not count, and the first keeps its own', () => {
  expect(namesOfPdfs(['a.jpg', 'A.jpeg', 'a (2).jpg', 'b.jpg', 'a.jpg'])).toEqual([
    ...['a.pdf', 'A (3).pdf', 'a (2).pdf', 'b.pdf', 'a (4).pdf'],
  ]);
  const names = fc.array(fc.constantFrom('a.jpg', 'A.JPG', 'a (2).jpg', 'a (3).jpeg', 'é.jpg', 'e\u0301.jpg'));
  fc.assert(
    fc.property(names, (photographs) => {
      const folded = namesOfPdfs(photographs).map((name) => name.normalize('NFC').toLowerCase());
      expect(new Set(folded).size).toBe(photographs.length);
    }),
  );
});
