/** The config of the stack on Google Cloud that the tests deploy. */
export const CONFIG = {
  student: 'ada',
  target: 'gke',
  project: 'ada-lab-123456',
  expires: '2027-01-31',
  billingAccount: '01ABCD-234567-89EF01',
  // The libraries of the actions are made here: no Docker in this test.
  python: 'python3',
};
