/** A budget alert: Google tells the billing administrators at half, nine tenths and all of it. It stops nothing. */
import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import type { BudgetConfig } from '../../config';
import type { GoogleCloud } from './google-cloud';
import { askProjectNumber } from './project-number';

const THRESHOLDS = [0.5, 0.9, 1];

export function alertOnBudget(cloud: GoogleCloud, { billingAccount, amount }: BudgetConfig): void {
  const number = askProjectNumber(cloud);
  new gcp.billing.Budget(
    'budget',
    {
      billingAccount,
      displayName: `PDFMagic of ${cloud.config.student}`.slice(0, 60),
      amount: { specifiedAmount: { units: String(amount) } },
      budgetFilter: { projects: [pulumi.interpolate`projects/${number}`] },
      thresholdRules: THRESHOLDS.map((thresholdPercent) => ({ thresholdPercent })),
    },
    cloud.budgetOptions(),
  );
}
