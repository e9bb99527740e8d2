/** All that the script says, and how it says sizes and times. The words of the markup are in page.html. */

import { REQUEST_BYTES } from '../../../contract/limits';

const MIB = 1024 * 1024;

/** `812 bytes`, `65 kB`, `2.4 MB`: thousands, as file managers count; whole MiB, as limits are, stay MiB. */
export function formatSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
  if (bytes < 999_500) return `${Math.round(bytes / 1000)} kB`;
  if (bytes % MIB === 0) return `${bytes / MIB} MiB`;
  const megabytes = bytes / 1_000_000;
  return `${megabytes < 9.95 ? megabytes.toFixed(1) : Math.round(megabytes)} MB`;
}

/** `74 ms`, `1.2 s`. */
export function formatDuration(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** The state of a photograph, and of all. */
export const STATE = {
  limit: (most: number) => `JPEG, up to ${formatSize(most)} each`,
  pdfs: 'Your PDFs',
  onePdf: 'Your PDF',
  waiting: 'Waiting',
  /** A page of one PDF of all. */
  page: (photograph: number) => `JPEG ${formatSize(photograph)}`,
  sending: (part: number) => `Sending, ${Math.round(part * 100)} %`,
  converting: 'Converting',
  fetching: 'Fetching the PDF',
  done: (photograph: number, pdf: number) => `JPEG ${formatSize(photograph)}, PDF ${formatSize(pdf)}`,
  progressOf: (name: string) => `Progress of ${name}`,
  tally: (done: number, all: number, failed: number) =>
    `${done} of ${all} ready${failed === 0 ? '' : `, ${failed} failed`}`,
  /** Before the page's own title. */
  title: (tally: string, title: string) => `${tally} · ${title}`,
  zip: 'PDFMagic.zip',
  sample: 'sample.jpg',
  leftOut: (files: number, others: number) =>
    files === 0
      ? 'There is no JPEG in this folder.'
      : `${others} ${others === 1 ? 'file' : 'files'} in the folder ${others === 1 ? 'was' : 'were'} left out: only JPEGs are converted.`,
};

const count = (photographs: number) => `${photographs} ${photographs === 1 ? 'photograph' : 'photographs'}`;

/** One PDF of all. */
export const ALBUM = {
  /** Its name, also in the bucket, and in the PDF as its title. */
  file: 'album.pdf',
  count,
  arranged: (photographs: number) => (photographs === 1 ? 'One page' : `${photographs} pages, in this order`),
  make: 'Make the PDF',
  stop: 'Stop',
  again: 'Try again',
  sending: (there: number, all: number) => `${there} of ${all} sent`,
  making: 'Making the PDF',
  fetching: 'Fetching the PDF',
  done: (pages: number, bytes: number, left: number) =>
    `PDF ${formatSize(bytes)}, ${pages} ${pages === 1 ? 'page' : 'pages'}${left === 0 ? '' : `; ${count(left)} left out`}`,
  none: 'None of these files can be converted.',
  tooMany: (photographs: number, most: number) =>
    `One PDF can hold ${most} photographs, and you chose ${photographs}. Remove ${photographs - most}.`,
};

/** Who sees a photograph, and how long it stays. */
export const PRIVACY = {
  seen: 'The people who run this service can see your photographs; other visitors of this page cannot.',
  request: {
    openwhisk: 'OpenWhisk keeps a PDF for as long as it keeps the record of its conversion.',
    cloudrun: 'The service keeps neither a photograph nor its PDF.',
  },
  bucket: (days: string) =>
    `Photographs over ${formatSize(REQUEST_BYTES)}, and those that you combine into one PDF, go through two buckets instead. They and the PDFs stay there ${
      days === '' ? 'until somebody deletes them' : `for ${days} ${days === '1' ? 'day' : 'days'}`
    }.`,
};

/** Sentences for screen readers. */
export const SPOKEN = {
  chosen: (count: number) => `${count} files chosen.`,
  ready: (name: string) => `${name}: the PDF is ready.`,
  failed: (name: string, why: string) => `${name}: no PDF. ${why}`,
  removed: (name: string) => `${name} removed.`,
  empty: 'The list is empty.',
  moved: (name: string, place: number, all: number) => `${name} is now ${place} of ${all}.`,
  making: (photographs: number) => `Making one PDF of ${count(photographs)}.`,
  made: (pages: number, left: number) =>
    `The PDF of ${count(pages)} is ready.${left === 0 ? '' : ` ${count(left)} left out.`}`,
  notMade: (why: string) => `No PDF. ${why}`,
};

/** What went wrong, and what to do. */
export const FAULT = {
  unreadable: 'This file cannot be read. It may be a folder, or it was moved after you chose it.',
  empty: 'This file is empty.',
  isPdf: 'This is already a PDF.',
  notJpeg: (kind?: string) =>
    `This is ${kind === undefined ? '' : `${kind}, `}not a JPEG. Save it as a JPEG and try again.`,
  tooLarge: (bytes: number, most: number) =>
    `This photograph is ${formatSize(bytes)}; the limit is ${formatSize(most)}. Scale it down.`,
  tooLargeForService: 'This photograph is too large for this service.',
  pdfTooLarge: 'The PDF of this photograph is too large to be sent back. Scale the photograph down.',
  notStored: 'The photograph could not be stored in the bucket.',
  storageStatus: (status: number) => `the storage answered with status ${status}`,
  notFetched: 'The PDF could not be fetched from its bucket.',
  status: (status: number) => `status ${status}`,
  noPdf: 'There is still no PDF after three minutes. Try again.',
  busy: 'The service is busy. Try again in a minute.',
  gone: 'The service is no longer there. Ask the people who run it.',
  failed: 'The service failed. Try again in a minute.',
  refused: (status: number) => `The service did not accept this photograph (status ${status}).`,
  noAnswer: 'No response. Are you online? The page tries again by itself.',
  offline: 'You are offline. The page tries again when you are back online.',
  page: 'Something went wrong on this page.',
};

/** By the codes of the service (actions/README.md, "Errors"). */
export const FAULT_BY_CODE: Readonly<Record<string, string>> = {
  'not-a-jpeg': FAULT.notJpeg(),
  'truncated-jpeg': 'This JPEG is incomplete: its end is missing. Copy or download the file again.',
  'corrupt-jpeg': 'This JPEG is damaged. Copy or download it again, or save it again from an image program.',
  'unsupported-jpeg': 'This kind of JPEG cannot be converted. Save it as an ordinary JPEG from an image program.',
  'too-many-pixels': 'This photograph has too many pixels. Scale it down first.',
  'too-slow': 'This photograph took too long to convert. Scale it down, or save it again from an image program.',
};

/** "How it was made". */
export const DETAILS = {
  way: 'Way',
  ways: {
    v1: 'v1: the photograph in the request, the PDF in the answer',
    v2: 'v2: the photograph in a bucket, named in a request',
    v3: 'v3: the photograph in a bucket, whose arrival started the conversion',
  },
  several: 'v2: the photographs in a bucket, named in one request',
  said: 'The service said',
  reencoded: 'Encoded again because',
  activation: 'Activation',
  took: 'Round trip',
  action: 'Action',
  asking: 'asking …',
  noRecord: 'OpenWhisk has no record of it',
  ran: (name: string, ran: number, init: number | undefined) =>
    `${name} ran for ${formatDuration(ran)}${init === undefined ? '' : `, including ${formatDuration(init)} to load the code`}`,
  start: 'Start',
  cold: 'cold: a new container',
  warm: 'warm: a container that was already running',
  waited: 'Waited',
  inOpenWhisk: (time: number) => `${formatDuration(time)} in OpenWhisk`,
};
