/** What is pasted: files as they are. A copied picture comes as a PNG, whatever it was, so it is made a JPEG. */

/** What browsers call a picture that was copied, not its file. */
const COPIED = 'image.png';
const QUALITY = 0.92;

/** The files of the clipboard. */
export async function readPasted(transfer: DataTransfer): Promise<readonly File[]> {
  return Promise.all([...transfer.files].map((file) => (file.name === COPIED ? makeJpeg(file) : file)));
}

/** A JPEG of a picture; the file itself when it is none. */
async function makeJpeg(file: File): Promise<File> {
  try {
    const picture = await createImageBitmap(file);
    const canvas = document.createElement('canvas');
    canvas.width = picture.width;
    canvas.height = picture.height;
    const context = canvas.getContext('2d');
    if (context === null) return file;
    // A JPEG has no transparency.
    context.fillStyle = 'white';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(picture, 0, 0);
    const jpeg = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
    return jpeg === null ? file : new File([jpeg], 'pasted.jpg', { type: 'image/jpeg' });
  } catch {
    return file;
  }
}
