/**
 * What is wrong for some minutes in a new project and then is not: Google's own words for it, and how long it is borne.
 *
 * The words are those of the APIs, as the issues of terraform-provider-google, pulumi-gcp and Google's samples quote them.
 * Nothing else is tried again here: whatever these words do not fit is an error at once.
 */

interface Trouble {
  /** For the user who watches. */
  readonly what: string;
  readonly words: RegExp;
  /** Seconds after which it is no passing trouble any more. */
  readonly borne: number;
}

const MINUTE = 60;

const TROUBLES: readonly Trouble[] = [
  {
    what: 'an API was enabled a moment ago',
    words: /SERVICE_DISABLED|accessNotConfigured|has not been used in project \S+ before or it is disabled/,
    borne: 10 * MINUTE,
  },
  {
    what: "Cloud Storage's agent may not publish yet",
    words:
      /does not have permission to publish messages to (?:to )?the Cloud Pub\/Sub topic|Cloud Storage service account for your bucket is unable to publish/,
    borne: 5 * MINUTE,
  },
  {
    what: "Eventarc's agent was given its right a moment ago",
    words: /ermission denied while using the Eventarc Service Agent/,
    borne: 10 * MINUTE,
  },
  {
    what: "Kubernetes Engine's agent was given its right a moment ago",
    words: /Kubernetes Engine Service Agent is missing required permissions on this project/,
    borne: 5 * MINUTE,
  },
  {
    what: "Cloud Run's agent may not read the image yet",
    words: /If you just enabled the Cloud Run API, the permissions might take a few minutes to propagate/,
    borne: 5 * MINUTE,
  },
  {
    what: 'an account was created a moment ago',
    words: /Service account \S+ does not exist/,
    borne: 3 * MINUTE,
  },
  {
    what: 'the identity pool of the new cluster is not ready yet',
    words: /Identity Pool does not exist/,
    borne: 5 * MINUTE,
  },
  {
    what: 'a right was given a moment ago',
    words: /Permission "eventarc\.events\.receiveEvent" denied/,
    borne: 5 * MINUTE,
  },
];

/** Seconds of the first pause, and of the longest. */
const PAUSE = { first: 5, most: 30 } as const;

/** What to do about a failure: wait for so many milliseconds and try again, because of `what`. */
export interface Wait {
  readonly what: string;
  readonly pause: number;
}

/**
 * Whether trying again will help.
 * @param errors what every attempt so far ended with, the newest first (as Pulumi's error hooks tell it)
 * @returns undefined when it will not: another error, or the same for longer than it is borne
 */
export function findWait(errors: readonly string[]): Wait | undefined {
  const trouble = TROUBLES.find(({ words }) => words.test(errors[0] ?? ''));
  if (trouble === undefined) return undefined;
  const attempts = errors.filter((error) => trouble.words.test(error)).length;
  const pauses = Array.from({ length: attempts }, (_, index) => Math.min(PAUSE.first * 2 ** index, PAUSE.most));
  const waited = pauses.slice(0, -1).reduce((sum, pause) => sum + pause, 0);
  return waited >= trouble.borne ? undefined : { what: trouble.what, pause: (pauses.at(-1) ?? 0) * 1000 };
}
